//! The ids of a note's headings, kept in step with it: a name that comes twice gets
//! numbers in the order of the note.
//!
//! Names can only get into each other's way where they differ by numbers at their
//! ends; such ones are a family. While all of a family differ, nothing but what came
//! anew needs an id, and its id is its name.

use std::collections::{BTreeMap, BTreeSet};

use super::Heading;
use crate::view::sections::{Name, Sections};

/// All names of headings, and who has them.
#[derive(Debug, Default)]
pub(in crate::view) struct Ids {
    families: BTreeMap<String, Family>,
}

#[derive(Debug, Default)]
struct Family {
    /// How many headings have each name.
    slugs: BTreeMap<String, usize>,
    /// How many headings of the family each section has.
    sections: BTreeMap<Name, usize>,
    headings: usize,
}

/// What changed since ids were last given out.
#[derive(Debug, Default)]
pub(in crate::view) struct Touched {
    /// Families, and whether all of each differed before.
    families: BTreeMap<String, bool>,
    sections: BTreeSet<Name>,
}

impl Ids {
    /// A section has these headings now.
    pub(in crate::view) fn learn(&mut self, name: Name, found: &[Heading], touched: &mut Touched) {
        touched.sections.insert(name);
        for heading in found {
            let family = self.touch(&heading.slug, touched);
            *family.slugs.entry(heading.slug.clone()).or_default() += 1;
            *family.sections.entry(name).or_default() += 1;
            family.headings += 1;
        }
    }

    /// A section had these headings.
    pub(in crate::view) fn forget(&mut self, name: Name, found: &[Heading], touched: &mut Touched) {
        for heading in found {
            let family = self.touch(&heading.slug, touched);
            take_one(&mut family.slugs, &heading.slug);
            take_one(&mut family.sections, &name);
            family.headings = family.headings.saturating_sub(1);
        }
    }

    /// Gives out the ids that changed, and adds the sections that have them.
    pub(in crate::view) fn settle(
        &mut self,
        touched: &Touched,
        sections: &mut Sections,
        concerned: &mut BTreeSet<usize>,
    ) {
        for index in sections.places(&touched.sections) {
            let entry = sections.get_mut(index);
            if let Some(headings) = entry.and_then(|it| it.section.headings.as_deref_mut()) {
                let slugs = headings.found.iter().map(|found| found.slug.clone());
                headings.ids = slugs.collect();
            }
        }
        for (root, differed) in &touched.families {
            let Some(family) = self.families.get(root) else {
                continue;
            };
            if family.headings == 0 {
                self.families.remove(root);
            } else if !differed || !family.differs() {
                let names = family.sections.keys().copied().collect();
                number(root, sections.places(&names), sections, concerned);
            }
        }
    }

    fn touch(&mut self, slug: &str, touched: &mut Touched) -> &mut Family {
        let root = root(slug);
        let family = self.families.entry(root.to_owned()).or_default();
        let known = touched.families.entry(root.to_owned());
        known.or_insert_with(|| family.differs());
        family
    }
}

impl Family {
    fn differs(&self) -> bool {
        self.slugs.len() == self.headings
    }
}

fn take_one<K: Ord>(counts: &mut BTreeMap<K, usize>, key: &K) {
    if let Some(count) = counts.get_mut(key) {
        *count -= 1;
        if *count == 0 {
            counts.remove(key);
        }
    }
}

/// What a name is without the numbers at its end.
fn root(slug: &str) -> &str {
    let mut root = slug;
    while let Some((before, number)) = root.rsplit_once('-') {
        if number.is_empty() || !number.bytes().all(|byte| byte.is_ascii_digit()) {
            break;
        }
        root = before;
    }
    root
}

/// Numbers the headings of one family, which are in these sections.
fn number(
    family: &str,
    places: BTreeSet<usize>,
    sections: &mut Sections,
    concerned: &mut BTreeSet<usize>,
) {
    let mut names = Names::default();
    for index in places {
        let entry = sections.get_mut(index);
        let Some(headings) = entry.and_then(|it| it.section.headings.as_deref_mut()) else {
            continue;
        };
        for (found, id) in headings.found.iter().zip(&mut headings.ids) {
            if root(&found.slug) == family {
                let given = names.give(&found.slug);
                if *id != given {
                    *id = given;
                    concerned.insert(index);
                }
            }
        }
    }
}

/// Gives out ids: a name that was given gets the next free number.
#[derive(Default)]
struct Names {
    /// Names given out, each with the last number tried for it.
    given: BTreeMap<String, u32>,
}

impl Names {
    fn give(&mut self, slug: &str) -> String {
        let mut id = slug.to_owned();
        while self.given.contains_key(&id) {
            let tried = self.given.entry(slug.to_owned()).or_default();
            *tried += 1;
            id = format!("{slug}-{tried}");
        }
        self.given.insert(id.clone(), 0);
        id
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_given_once() {
        let mut names = Names::default();
        let given = ["a", "a", "a-1", "a", "b"].map(|slug| names.give(slug));
        assert_eq!(given, ["a", "a-1", "a-1-1", "a-2", "b"]);
    }

    #[test]
    fn a_family_is_what_numbers_at_the_end_set_apart() {
        for (slug, expected) in [
            ("part", "part"),
            ("part-1", "part"),
            ("part-1-20", "part"),
            ("part-1a", "part-1a"),
            ("part-", "part-"),
            ("-1", ""),
            ("1", "1"),
        ] {
            assert_eq!(root(slug), expected);
        }
    }
}
