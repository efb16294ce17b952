//! Words that are typed or deleted, and code: most of what people do. In the HTML it is
//! what it is in the source, so it is put in there, and nothing is parsed.
//!
//! Where in the HTML is told by what stands around: it is sure where that stands once in
//! the section's source and once in its shown text, and nothing there could mean something
//! else by what comes or goes.

use std::borrow::Cow;
use std::ops::RangeInclusive;

use super::cut::{Cut, Inside, Of};
use super::html::escape;
use super::patch::Patch;
use super::sections::Entry;
use super::{Change, View};

/// How much around a change is looked for, in bytes to each side.
const AROUND: usize = 24;

/// What a letter more or less makes something else of, within what no space divides:
/// addresses, entities and emoji.
const IN_A_WORD: [&str; 3] = [":", "&", "@"];

/// The same anywhere around: links by name, and addresses.
const LINKS: [&str; 2] = ["[[", WWW];

const WWW: &str = "www";

/// The longest that goes; more is rendered.
const MAX_GOES: usize = 256;

/// The same but for code: elements and formulas.
const BESIDE_CODE: [&str; 2] = ["<", "$"];

impl View {
    /// Follows a change of words or code in one section; `None` where it has to be
    /// rendered, and nothing is changed then.
    pub(super) fn respell(&mut self, change: &Change<'_>, cut: &mut Cut) -> Option<Vec<Patch>> {
        let index = cut.sections.start;
        let (start, mut entries) = self.sections.from(index);
        let entry = entries.next()?;
        let inside = Inside::new(&entry.text, start, change)?;
        let html = inside.respelled(entry, cut)?;
        let html_bytes = self.html_bytes - entry.block.html.len() + html.len();
        if html_bytes > self.html_limit() {
            return None;
        }
        // One of two bytes may have been torn off, or have found its other one.
        let around = [inside.left(is_any), inside.comes, inside.right(is_any)].concat();
        let signs = entry.signs.and(Signs::of(&around, ""));
        drop(entries);
        self.html_bytes = html_bytes;
        let text = std::mem::take(&mut cut.text);
        let (block, old) = self.sections.respell(index, text, html, signs)?;
        Some(vec![Patch::between(index, &[&old], vec![block])])
    }
}

/// What of a section could make something else of what is typed in it. It may say of
/// something that is there no more, never that something is not there.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Signs {
    /// Definitions.
    pub(super) defines: bool,
    /// Links by name, addresses, or boxes, which say where in the source they are.
    links: bool,
    /// Elements or formulas.
    beside_code: bool,
}

impl Signs {
    /// Of a section's text and its HTML.
    pub(super) fn of(text: &str, html: &str) -> Self {
        let may_be = |signs: &[&str]| signs.iter().any(|sign| text.contains(sign));
        Self {
            defines: may_be(&["]:"]),
            links: may_be(&LINKS) || html.contains("data-at="),
            beside_code: may_be(&BESIDE_CODE),
        }
    }

    /// These and those.
    fn and(self, others: Self) -> Self {
        Self {
            defines: self.defines || others.defines,
            links: self.links || others.links,
            beside_code: self.beside_code || others.beside_code,
        }
    }
}

impl Inside<'_> {
    /// The HTML of an entry after the change.
    fn respelled(&self, entry: &Entry, cut: &Cut) -> Option<String> {
        let is_code = match cut.of {
            Of::Code => true,
            Of::Words => false,
            Of::Anything => return None,
        };
        if self.goes.len() > MAX_GOES {
            return None;
        }
        let is_known = is_code || self.is_words() && !entry.signs.beside_code;
        if !is_known || !stands_alone(entry) || cut.text.contains(WWW) {
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
        let around = self.before.len() - left.len()..;
        let around = entry.text.get(around)?;
        let around = around.get(..left.len() + self.goes.len() + right.len())?;
        only(&entry.text, around)?;
        let html = &entry.block.html;
        let from = only(html, &escaped(around))? + escaped(left).len();
        let (shown_before, rest) = html.split_at_checked(from)?;
        // What the source shows is no tag's.
        let last = shown_before.bytes().rfind(|byte| b"<>".contains(byte));
        if last != Some(b'>') {
            return None;
        }
        let after = rest.get(escaped(self.goes).len()..)?;
        Some([shown_before, &*escaped(self.comes), after].concat())
    }

    /// Whether it is of letters and digits in or beside a word, or of what may stand behind
    /// one, and takes no part in anything around.
    fn is_words(&self) -> bool {
        let (left, right) = (self.before.chars().next_back(), self.after.chars().next());
        let is_at_a_word = match left {
            Some(' ') => right.is_some_and(is_of_a_word),
            left => left.is_some_and(is_of_a_word),
        };
        // A sign may stand before what begins or ends emphasis, and change that.
        let is_apart = right.is_none_or(|c| is_of_a_word(c) || c.is_whitespace());
        let word = [
            self.before.rsplit(char::is_whitespace).next(),
            self.after.split(char::is_whitespace).next(),
        ];
        is_at_a_word
            && self
                .chars()
                .all(|c| is_of_a_word(c) || is_apart && ".,;!".contains(c))
            && !word
                .into_iter()
                .flatten()
                .any(|word| IN_A_WORD.iter().any(|sign| word.contains(sign)))
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
fn stands_alone(entry: &Entry) -> bool {
    let section = &entry.section;
    section.links.is_empty()
        && section.asked.is_empty()
        && section.notes.is_none()
        && section.headings().is_empty()
        && !section.has_contents
        && section.front == 0
        && !entry.signs.defines
        && !entry.signs.links
}

/// Whether it is a letter or a digit, also to Markdown: letters in circles and squares are
/// signs there, and signs decide where emphasis begins and ends.
fn is_of_a_word(c: char) -> bool {
    const ENCLOSED: [RangeInclusive<char>; 4] = [
        '\u{24B6}'..='\u{24E9}',
        '\u{1F130}'..='\u{1F149}',
        '\u{1F150}'..='\u{1F169}',
        '\u{1F170}'..='\u{1F189}',
    ];
    c.is_alphanumeric() && !ENCLOSED.iter().any(|signs| signs.contains(&c))
}

fn is_any(_: char) -> bool {
    true
}

fn is_text_as_written(c: char) -> bool {
    c.is_alphanumeric() || " _-.,;()!?/".contains(c)
}

fn is_code_as_written(c: char) -> bool {
    !c.is_control()
}

fn escaped(text: &str) -> Cow<'_, str> {
    if text
        .bytes()
        .all(|byte| byte.is_ascii_alphanumeric() || byte == b' ')
    {
        return Cow::Borrowed(text);
    }
    let mut html = String::new();
    escape(&mut html, text);
    match html == text {
        true => Cow::Borrowed(text),
        false => Cow::Owned(html),
    }
}

/// Where something stands in a text, if it does once. It is short, so looking wherever
/// its rarest character stands takes little preparation.
fn only(text: &str, part: &str) -> Option<usize> {
    let (offset, rare) = part.char_indices().min_by_key(|(_, c)| commonness(*c))?;
    let starts = text
        .match_indices(rare)
        .filter_map(|(at, _)| at.checked_sub(offset));
    let mut found = starts.filter(|start| {
        let rest = text.as_bytes().get(*start..).unwrap_or_default();
        rest.starts_with(part.as_bytes())
    });
    let first = found.next()?;
    found.next().is_none().then_some(first)
}

/// Of a character in what people write, roughly.
fn commonness(c: char) -> u8 {
    match c {
        ' ' | '-' | 'a' | 'e' | 'i' | 'l' | 'n' | 'o' | 'r' | 's' | 't' => 2,
        'a'..='z' | ',' | '.' | '0' | '1' => 1,
        _ => 0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_of_a_word_is_so_to_markdown() {
        for c in ('\0'..=char::MAX).filter(|c| c.is_alphanumeric()) {
            // Behind a sign, two stars before a letter end no emphasis.
            let view = View::new(&format!("**a{c}**b"));
            assert_eq!(view.html().contains("<strong>"), is_of_a_word(c), "{c:?}");
        }
    }
}
