//! Words that are typed or deleted, and code: most of what people do. In the HTML it is
//! what it is in the source, so it is put in there, and nothing is parsed.
//!
//! Where in the HTML is told by what stands around: it is sure where that stands once in
//! the section's source and once in its shown text, and nothing there could mean something
//! else by what comes or goes.

use super::cut::{Cut, Inside, Of};
use super::html::escape;
use super::patch::{Block, Patch};
use super::sections::Entry;
use super::{Change, View};

/// How much around a change is looked for, in bytes to each side.
const AROUND: usize = 24;

/// What a letter more or less makes something else of, within what no space divides:
/// addresses, entities and emoji.
const IN_A_WORD: [&str; 3] = [":", "&", "@"];

/// The same anywhere around: links by name, and addresses.
const ANYWHERE: [&str; 3] = ["[[", "]:", "www"];

/// The same but for code: elements and formulas.
const BESIDE_CODE: [&str; 2] = ["<", "$"];

impl View {
    /// Follows a change of words or code in one section; `None` where it has to be
    /// rendered, and nothing is changed then.
    pub(super) fn respell(&mut self, change: &Change<'_>, cut: &Cut) -> Option<Vec<Patch>> {
        let index = cut.sections.start;
        let (start, mut entries) = self.sections.from(index);
        let entry = entries.next()?;
        let inside = Inside::new(&entry.text, start, change)?;
        let html = inside.respelled(entry, cut)?;
        let html_bytes = self.html_bytes - entry.block.html.len() + html.len();
        if html_bytes > self.html_limit() {
            return None;
        }
        let key = entry.block.key;
        drop(entries);
        self.html_bytes = html_bytes;
        let block = Block { key, html };
        let entry = Entry {
            text: cut.text.clone(),
            block: block.clone(),
            ..Entry::default()
        };
        let replaced = self.sections.splice(index..index + 1, vec![entry]);
        let old = replaced.into_iter().next()?;
        if let Some(entry) = self.sections.get_mut(index) {
            entry.section = old.section;
        }
        Some(vec![Patch::between(index, &[&old.block.html], vec![block])])
    }
}

impl Inside<'_> {
    /// The HTML of an entry after the change.
    fn respelled(&self, entry: &Entry, cut: &Cut) -> Option<String> {
        let text = &entry.text;
        let is_code = match cut.of {
            Of::Code => true,
            Of::Words => false,
            Of::Anything => return None,
        };
        let is_alone =
            stands_alone(entry) && !may_be(&ANYWHERE, text) && !may_be(&["www"], &cut.text);
        let is_known = is_alone && (is_code || self.is_words() && !may_be(&BESIDE_CODE, text));
        if !is_known {
            return None;
        }
        let (left, right) = match is_code {
            true => (
                self.left(is_code_as_written),
                self.right(is_code_as_written),
            ),
            false => (
                self.left(is_text_as_written).trim_start(),
                self.right(is_text_as_written).trim_end(),
            ),
        };
        only(text, &[left, self.goes, right].concat())?;
        let html = &entry.block.html;
        let (goes, comes) = (escaped(self.goes), escaped(self.comes));
        let from = only(html, &[left, &goes, right].concat())? + left.len();
        let (shown_before, rest) = html.split_at_checked(from)?;
        // What the source shows is no tag's.
        let is_shown = shown_before
            .rfind(['<', '>'])
            .is_some_and(|at| shown_before.get(at..=at) == Some(">"));
        is_shown.then(|| {
            [
                shown_before,
                &comes,
                rest.get(goes.len()..).unwrap_or_default(),
            ]
            .concat()
        })
    }

    /// Whether it is of letters and digits in or beside a word, or of what may stand behind
    /// one, and takes no part in anything around.
    fn is_words(&self) -> bool {
        let is_in_word = |c: char| c.is_alphanumeric();
        let (left, right) = (self.before.chars().next_back(), self.after.chars().next());
        let is_at_a_word = match left {
            Some(' ') => right.is_some_and(is_in_word),
            left => left.is_some_and(is_in_word),
        };
        // A sign may stand before what begins or ends emphasis, and change that.
        let is_apart = right.is_none_or(|c| is_in_word(c) || c.is_whitespace());
        let word = [
            self.before.rsplit(char::is_whitespace).next(),
            self.after.split(char::is_whitespace).next(),
        ];
        is_at_a_word
            && self
                .chars()
                .all(|c| is_in_word(c) || is_apart && ".,;!".contains(c))
            && !word
                .into_iter()
                .flatten()
                .any(|word| may_be(&IN_A_WORD, word))
    }

    fn left(&self, is_as_written: fn(char) -> bool) -> &str {
        let chars = self.before.char_indices().rev();
        let near =
            chars.take_while(|(at, c)| is_as_written(*c) && self.before.len() - at <= AROUND);
        let from = near.last().map_or(self.before.len(), |(at, _)| at);
        self.before.get(from..).unwrap_or_default()
    }

    fn right(&self, is_as_written: fn(char) -> bool) -> &str {
        let chars = self
            .after
            .char_indices()
            .map(|(at, c)| (at + c.len_utf8(), c));
        let near = chars.take_while(|(end, c)| is_as_written(*c) && *end <= AROUND);
        let to = near.last().map_or(0, |(end, _)| end);
        self.after.get(..to).unwrap_or_default()
    }
}

/// Whether the rest of the note has no say in how a section is shown, nor it in that of
/// the rest.
fn stands_alone(Entry { section, block, .. }: &Entry) -> bool {
    section.links.is_empty()
        && section.asked.is_empty()
        && section.notes.is_none()
        && section.headings().is_empty()
        && !section.has_contents
        && section.front == 0
        // A box says where in the source it is.
        && !may_be(&["data-at="], &block.html)
}

#[inline(never)]
fn may_be(signs: &[&str], text: &str) -> bool {
    signs.iter().any(|sign| text.contains(sign))
}

fn is_text_as_written(c: char) -> bool {
    c.is_alphanumeric() || " _-.,;()!?/".contains(c)
}

fn is_code_as_written(c: char) -> bool {
    !c.is_control() && !"&<>\"'".contains(c)
}

#[inline(never)]
fn escaped(text: &str) -> String {
    let mut html = String::new();
    escape(&mut html, text);
    html
}

/// Where something stands in a text, if it does once.
#[inline(never)]
fn only(text: &str, part: &str) -> Option<usize> {
    let first = text.find(part)?;
    // Another one may overlap it.
    let next = first + text.get(first..)?.chars().next()?.len_utf8();
    (!text.get(next..)?.contains(part)).then_some(first)
}
