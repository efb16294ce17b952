//! Which sections an edit replaces: as little of the source is cut again as tells all
//! new blocks.

use std::ops::Range;

use super::html::MAX_DETAILS_BYTES;
use super::{Change, View, blocks};
use crate::front_matter;

/// Sections looked at beyond the touched ones at first: two whole blocks must
/// be found again where they were, and the third shows where the second ends.
const FIRST_REACH: usize = 2;

/// Sections cut again before the touched one: it may have grown together with
/// the one before, which may have begun only because a table seemed to.
const BLOCKS_BEFORE: usize = 2;

const LINE_ENDS: [char; 2] = ['\n', '\r'];

const FENCES: [&str; 2] = ["```", "~~~"];

/// Which sections go, what of the source comes in their place, and where the new
/// sections begin in it.
pub(super) struct Cut {
    pub(super) sections: Range<usize>,
    pub(super) text: String,
    starts: Vec<usize>,
    pub(super) of: Of,
}

/// What a change is of, as far as that is known without parsing.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Of {
    /// Words in a line of one section that has begun already.
    Words,
    /// Code that one section begins with.
    Code,
    /// Anything.
    Anything,
}

/// A stretch of sections and what their text becomes.
struct Window {
    /// Where it begins in the source.
    from: usize,
    /// Where each section began, and where the last one ended.
    bounds: Vec<usize>,
    /// Whether there is no further section.
    to_the_end: bool,
    text: String,
}

impl View {
    /// Cuts the source around a change.
    ///
    /// It begins before the touched block, and ends where two old cut points in a row are found
    /// again: from there on everything stands as it stood.
    pub(super) fn cut_around(&mut self, change: &Change<'_>) -> Cut {
        self.within_a_section(change)
            .unwrap_or_else(|| self.cut_again(change))
    }

    /// Most of what is typed: words in a line that has begun already, or code, by which the
    /// note is cut as it was. What a line begins is told by what it begins with, up to a
    /// letter; behind that only signs begin or end anything, and none comes, goes or is torn
    /// apart. Code ends with a line of its signs alone.
    pub(super) fn within_a_section(&self, change: &Change<'_>) -> Option<Cut> {
        if change.start < front_matter::LOOK_BYTES && self.may_have_front_matter() {
            return None;
        }
        let index = self.sections.begun_by(change.start).checked_sub(1)?;
        let (start, mut entries) = self.sections.from(index);
        let entry = entries.next()?;
        let inside = Inside::new(&entry.text, start, change)?;
        // What `details` holds depends on how long it is.
        let is_short = entry.text.len() + change.insert.len() <= MAX_DETAILS_BYTES;
        let of = inside.of();
        if !is_short || of == Of::Anything || entry.signs.defines {
            return None;
        }
        Some(Cut {
            sections: index..index + 1,
            text: [inside.before, inside.comes, inside.after].concat(),
            starts: vec![0],
            of,
        })
    }

    /// Cuts the source around a change that may be any.
    fn cut_again(&mut self, change: &Change<'_>) -> Cut {
        let touched = self.sections.begun_by(change.start);
        let mut first = touched.saturating_sub(1 + BLOCKS_BEFORE);
        // What is typed near the top may end the front matter that the note begins with.
        if change.start < front_matter::LOOK_BYTES && self.may_have_front_matter() {
            first = 0;
        }
        while first > 0 && self.goes_on_into_the_next(first - 1) {
            first -= 1;
        }
        let after = self.sections.begun_by(change.end);
        let mut reach = FIRST_REACH;
        loop {
            let window = self.window(first..after + reach, change);
            let front = match first {
                0 if front_matter::may_begin(&window.text) => {
                    if window.text.len() < front_matter::LOOK_BYTES && !window.to_the_end {
                        reach *= 2;
                        continue;
                    }
                    front_matter::length(&window.text)
                }
                _ => 0,
            };
            let text = window.text.get(front..).unwrap_or_default();
            let mut found = blocks::cut(text, &mut self.work);
            found.iter_mut().for_each(|start| *start += front);
            if first > 0 && found.first() != Some(&0) {
                first -= 1;
                continue;
            }
            if let Some(start) = found.first_mut() {
                *start = 0;
            }
            if window.to_the_end {
                return window.cut(first, found, change);
            }
            // The window's last bound is where the section behind it begins.
            let settled = window.bounds.get(after - first..).unwrap_or_default();
            for (passed, pair) in settled.windows(2).enumerate() {
                let moved = pair.iter().map(|at| change.moved(*at) - window.from);
                let agreed = found
                    .windows(2)
                    .position(|pair| pair.iter().copied().eq(moved.clone()));
                if let Some(count) = agreed {
                    found.truncate(count);
                    let window = window.up_to(after - first + passed, change);
                    return window.cut(first, found, change);
                }
            }
            reach *= 2;
        }
    }

    /// Whether a section may end in a link definition, in whose paragraph the parser is still
    /// where the next one begins.
    fn goes_on_into_the_next(&self, index: usize) -> bool {
        let entry = self.sections.get(index).filter(|entry| entry.signs.defines);
        let last = entry.and_then(|entry| entry.text.lines().next_back());
        last.is_some_and(|line| !line.trim().is_empty())
    }

    /// A stretch of sections, after a change that is within it.
    fn window(&self, sections: Range<usize>, change: &Change<'_>) -> Window {
        let (from, entries) = self.sections.from(sections.start);
        let mut bounds = vec![from];
        let mut text = String::new();
        if self.sections.is_empty() {
            text.push_str(&self.loose);
        }
        let mut at = from;
        for entry in entries.take(sections.len()) {
            text.push_str(&entry.text);
            at += entry.text.len();
            bounds.push(at);
        }
        if change.start >= from && change.end >= change.start {
            text.replace_range(change.start - from..change.end - from, change.insert);
        }
        Window {
            from,
            bounds,
            to_the_end: sections.end >= self.sections.len(),
            text,
        }
    }
}

/// A change within the text of a section, and what stands there before and after it.
pub(super) struct Inside<'a> {
    pub(super) before: &'a str,
    pub(super) goes: &'a str,
    pub(super) comes: &'a str,
    pub(super) after: &'a str,
}

impl<'a> Inside<'a> {
    /// A change of a text that begins at `start`, if it is within that.
    pub(super) fn new(text: &'a str, start: usize, change: &Change<'a>) -> Option<Self> {
        let (before, rest) = text.split_at_checked(change.start.checked_sub(start)?)?;
        let (goes, after) = rest.split_at_checked(change.end - change.start)?;
        Some(Self {
            before,
            goes,
            comes: change.insert,
            after,
        })
    }

    fn of(&self) -> Of {
        match self.is_code() {
            true => Of::Code,
            false if self.is_among_words() => Of::Words,
            false => Of::Anything,
        }
    }

    /// What goes and what comes.
    pub(super) fn chars(&self) -> impl Iterator<Item = char> {
        self.goes.chars().chain(self.comes.chars())
    }

    /// The line it is in, before and after it.
    fn line(&self) -> [&str; 2] {
        [
            self.before.rsplit(LINE_ENDS).next().unwrap_or_default(),
            self.after.split(LINE_ENDS).next().unwrap_or_default(),
        ]
    }

    /// Whether it is of code that the section begins with: in a line behind the first one,
    /// and before the one that ends it.
    fn is_code(&self) -> bool {
        let is_fence = |c: char| c == '`' || c == '~';
        let begins = |line: &str| {
            let begins = FENCES.iter().any(|fence| line.starts_with(fence));
            begins && !line.trim_start_matches(is_fence).contains(is_fence)
        };
        let ends = |code: &str| FENCES.iter().any(|fence| code.contains(fence));
        let code = self.before.split_once(LINE_ENDS);
        if !code.is_some_and(|(line, code)| begins(line) && !ends(code)) {
            return false;
        }
        let line = self.line();
        // A blank line at the end of a note is not shown.
        let is_blank = line.iter().all(|part| part.trim().is_empty());
        !is_blank
            && !self.chars().any(|c| c.is_control() || is_fence(c))
            && !line.into_iter().any(|part| part.contains(is_fence))
    }

    /// Whether it is of words, and what stands between them, behind others in its line:
    /// nothing there means anything to Markdown's blocks.
    fn is_among_words(&self) -> bool {
        let is_in_words = |c: char| c.is_alphanumeric() || " ,.;'\"()!".contains(c);
        let [line_before, line_after] = self.line();
        let begins_with = line_before.split_once(char::is_alphabetic);
        self.chars().all(is_in_words)
            && self.before.ends_with(is_in_words)
            && begins_with.is_some_and(|(signs, _)| !signs.contains('['))
            && !line_before.contains('<')
            && !line_after.contains('<')
    }
}

impl Window {
    /// The part of it that so many of its sections take.
    fn up_to(mut self, count: usize, change: &Change<'_>) -> Window {
        self.bounds.truncate(count + 1);
        if let Some(end) = self.bounds.last() {
            self.text.truncate(change.moved(*end) - self.from);
        }
        self
    }

    /// What there is to replace, with new sections that begin at `starts`: sections
    /// at both ends that the change left as they were stay.
    fn cut(self, first: usize, mut starts: Vec<usize>, change: &Change<'_>) -> Cut {
        let old: Vec<&[usize]> = self.bounds.windows(2).collect();
        if starts.is_empty() {
            let sections = first..first + old.len();
            let text = self.text;
            return Cut {
                sections,
                text,
                starts,
                of: Of::Anything,
            };
        }
        let mut bounds = starts.clone();
        bounds.push(self.text.len());
        let new: Vec<&[usize]> = bounds.windows(2).collect();
        let most = old.len().min(new.len());
        let before = |old: &[usize], new: &[usize]| {
            let is_before = old.last().is_some_and(|end| *end <= change.start);
            is_before && old.iter().map(|at| at - self.from).eq(new.iter().copied())
        };
        let after = |old: &[usize], new: &[usize]| {
            let is_after = old.first().is_some_and(|start| *start >= change.end);
            let moved = |at: &usize| change.moved(*at) - self.from;
            is_after && old.iter().map(moved).eq(new.iter().copied())
        };
        let pairs = old.iter().zip(&new);
        let lead = pairs.take_while(|(old, new)| before(old, new)).count();
        let pairs = old.iter().rev().zip(new.iter().rev()).take(most - lead);
        let trail = pairs.take_while(|(old, new)| after(old, new)).count();
        let sections = first + lead..first + old.len() - trail;
        let count = new.len();
        let from = bounds.get(lead).copied().unwrap_or(0);
        let to = bounds.get(count - trail).copied();
        let text = self.text.get(from..to.unwrap_or(self.text.len()));
        starts.truncate(count - trail);
        starts.drain(..lead);
        starts.iter_mut().for_each(|start| *start -= from);
        Cut {
            sections,
            text: text.unwrap_or_default().to_owned(),
            starts,
            of: Of::Anything,
        }
    }
}

impl Cut {
    /// The new sections' texts.
    pub(super) fn pieces(&self) -> impl Iterator<Item = &str> {
        let ends = self.starts.iter().skip(1).copied();
        let ends = ends.chain([self.text.len()]);
        let bounds = self.starts.iter().copied().zip(ends);
        bounds.map(|(start, end)| self.text.get(start..end).unwrap_or_default())
    }
}
