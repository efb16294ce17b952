//! Which sections an edit replaces: as little of the source is cut again as tells all
//! new blocks.

use std::ops::Range;

use super::{Change, View, blocks};

/// Sections looked at beyond the touched ones at first: two whole blocks must
/// be found again where they were, and the third shows where the second ends.
const FIRST_REACH: usize = 2;

/// Sections cut again before the touched one: it may have grown together with
/// the one before, which may have begun only because a table seemed to.
const BLOCKS_BEFORE: usize = 2;

/// Which sections go, what of the source comes in their place, and where the new
/// sections begin in it.
pub(super) struct Cut {
    pub(super) sections: Range<usize>,
    pub(super) text: String,
    starts: Vec<usize>,
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
        let touched = self.sections.begun_by(change.start);
        let mut first = touched.saturating_sub(1 + BLOCKS_BEFORE);
        let after = self.sections.begun_by(change.end);
        let mut reach = FIRST_REACH;
        loop {
            let window = self.window(first..after + reach, change);
            let mut found = blocks::cut(&window.text, &mut self.work);
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
