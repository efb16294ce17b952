//! Everybody a room knows, so that they can be mentioned: who was ever in it, the
//! last thousand of them.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use uuid::Uuid;

use crate::person::Person;
use crate::session::Timestamp;

/// People a room knows; beyond that it forgets who came first.
pub const MAX_PEOPLE: usize = 1_000;
/// `@` looked at in one text: a text made of nothing else stays cheap.
const MAX_MARKS: usize = 10_000;
/// People of one name who are meant by it, those who had it first: whoever takes a name that
/// many have mentions nobody by that, and keeps nobody from being mentioned.
const MAX_NAMESAKES: usize = 5;

/// Somebody who was ever in the room.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Known {
    /// Who.
    pub id: Uuid,
    /// By the name they had last.
    pub name: String,
    /// When they came first, or changed their name.
    pub at: Timestamp,
    /// How often the note's text mentioned them when it was last looked at.
    pub here: u64,
    /// How many mentions in the note's text they were told of, ever.
    pub told: u64,
}

/// Where a text mentions somebody.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Mentions {
    /// How often.
    pub(crate) count: u64,
    /// The byte of the last `@`.
    pub(crate) last: usize,
}

/// Everybody the room knows, who has had their name longest first.
#[derive(Default)]
pub(crate) struct People {
    known: Vec<Known>,
}

impl People {
    pub(crate) fn new(known: Vec<Known>) -> Self {
        Self { known }
    }

    /// Takes somebody in; what to store when they are new or have a new name.
    pub(crate) fn meet(&mut self, person: &Person, now: Timestamp) -> Option<&mut Known> {
        let place = self.known.iter().position(|known| known.id == person.id);
        let is_named_so = |known: &Known| known.name == person.name;
        if place
            .and_then(|place| self.known.get(place))
            .is_some_and(is_named_so)
        {
            return None;
        }
        // Who takes a name comes behind those who have it.
        let (here, told) = match place.map(|place| self.known.remove(place)) {
            Some(known) => (known.here, known.told),
            None if self.known.len() >= MAX_PEOPLE => {
                self.known.remove(0);
                (0, 0)
            }
            None => (0, 0),
        };
        self.known.push(Known {
            id: person.id,
            name: person.name.clone(),
            at: now,
            here,
            told,
        });
        self.known.last_mut()
    }

    pub(crate) fn iter_mut(&mut self) -> impl Iterator<Item = &mut Known> {
        self.known.iter_mut()
    }

    /// Whom a text mentions, and where.
    pub(crate) fn mentioned(&self, text: &str) -> BTreeMap<Uuid, Mentions> {
        let mut mentioned = BTreeMap::new();
        if !text.contains('@') {
            return mentioned;
        }
        let names = Names::of(&self.known);
        for (at, _) in text.match_indices('@').take(MAX_MARKS) {
            for person in names.named_at(text, at) {
                let mentions: &mut Mentions = mentioned.entry(*person).or_default();
                mentions.count = mentions.count.saturating_add(1);
                mentions.last = at;
            }
        }
        mentioned
    }

    /// Whom a text begins with: it answers them.
    pub(crate) fn addressed(&self, text: &str) -> Vec<Uuid> {
        if text.starts_with('@') {
            Names::of(&self.known).named_at(text, 0).to_vec()
        } else {
            Vec::new()
        }
    }
}

/// People by their name, letter case set aside.
struct Names {
    people: HashMap<Vec<char>, Vec<Uuid>>,
    /// Of names, in characters.
    lengths: BTreeSet<usize>,
}

impl Names {
    fn of(known: &[Known]) -> Self {
        let mut people: HashMap<Vec<char>, Vec<Uuid>> = HashMap::new();
        for one in known {
            let name = one.name.chars().map(fold).collect();
            let namesakes = people.entry(name).or_default();
            if namesakes.len() < MAX_NAMESAKES {
                namesakes.push(one.id);
            }
        }
        let lengths = people.keys().map(Vec::len).collect();
        Self { people, lengths }
    }

    /// Who is meant by the `@` at this place: of several names that fit, the
    /// longest. What stands within a word, as in an address, mentions nobody.
    fn named_at(&self, text: &str, at: usize) -> &[Uuid] {
        let (Some(before), Some(after)) = (text.get(..at), text.get(at.saturating_add(1)..)) else {
            return &[];
        };
        if before
            .chars()
            .next_back()
            .is_some_and(char::is_alphanumeric)
        {
            return &[];
        }
        let longest = self.lengths.last().copied().unwrap_or(0);
        let after: Vec<char> = after
            .chars()
            .take(longest.saturating_add(1))
            .map(fold)
            .collect();
        for length in self.lengths.iter().rev() {
            let Some(name) = after.get(..*length) else {
                continue;
            };
            let goes_on = after.get(*length).is_some_and(|c| c.is_alphanumeric());
            if !goes_on && let Some(people) = self.people.get(name) {
                return people;
            }
        }
        &[]
    }
}

/// One character for one, so that lengths stay what they are.
fn fold(c: char) -> char {
    c.to_lowercase().next().unwrap_or(c)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn people(names: &[&str]) -> People {
        let mut people = People::default();
        for (n, name) in names.iter().enumerate() {
            people.meet(&Person::new(Uuid::from_u128(n as u128), name, 0), 0);
        }
        people
    }

    fn check(names: &[&str], text: &str, expected: &[(u128, u64)]) {
        let expected: Vec<_> = expected
            .iter()
            .map(|(n, count)| (Uuid::from_u128(*n), *count))
            .collect();
        let mentioned = people(names).mentioned(text).into_iter();
        let mentioned: Vec<_> = mentioned.map(|(id, it)| (id, it.count)).collect();
        assert_eq!(mentioned, expected, "{text}");
    }

    #[test]
    fn the_longest_name_that_fits_is_meant() {
        let names = ["Ada", "Ada Lovelace", "Ben"];
        check(&names, "@ada, @ADA! and (@Ben)", &[(0, 2), (2, 1)]);
        check(&names, "@Ada Lovelace and @Ada Love", &[(0, 1), (1, 1)]);
        check(&names, "@Adam, a@Ben.example, Ben, @ Ben", &[]);
        check(&names, "@Ben", &[(2, 1)]);
        check(&names, "@@Ben @", &[(2, 1)]);
    }

    #[test]
    fn names_of_any_script_are_found() {
        check(
            &["Åsa", "李", "İpek"],
            "@åsa @李 @İPEK",
            &[(0, 1), (1, 1), (2, 1)],
        );
        check(&["李"], "@李明", &[]);
    }

    #[test]
    fn of_many_of_one_name_those_who_came_first_are_meant() {
        let expected: Vec<_> = (0..MAX_NAMESAKES as u128).map(|n| (n, 1)).collect();
        check(&["Ada"; 100], "@ada", &expected);
    }

    #[test]
    fn the_last_place_that_mentions_somebody_is_known() {
        let mentioned = people(&["Ada"]).mentioned("@Ada é @Ada Ada");
        assert_eq!(mentioned[&Uuid::from_u128(0)].last, 8);
    }

    #[test]
    fn a_new_name_replaces_the_old() {
        let mut known = people(&["Ada"]);
        let ada = Person::new(Uuid::from_u128(0), "Countess", 0);
        assert!(known.meet(&ada, 1).is_some());
        assert!(known.meet(&ada, 2).is_none());
        assert!(known.mentioned("@Ada").is_empty());
        assert_eq!(known.mentioned("@countess").len(), 1);
    }

    #[test]
    fn a_room_forgets_who_came_first() {
        let names: Vec<String> = (0..=MAX_PEOPLE).map(|n| format!("p{n}")).collect();
        let names: Vec<&str> = names.iter().map(String::as_str).collect();
        check(&names, "@p0 @p1000", &[(1_000, 1)]);
    }

    #[test]
    fn a_text_of_nothing_but_marks_stays_cheap() {
        let names: Vec<String> = (1..40).map(|n| "@".repeat(n)).collect();
        let names: Vec<&str> = names.iter().map(String::as_str).collect();
        let text = "@".repeat(1 << 20);
        assert!(people(&names).mentioned(&text).len() <= names.len());
    }
}
