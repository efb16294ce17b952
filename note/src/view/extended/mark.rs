//! Marked words: `==like this==`. Two equals signs open before a word and close
//! after one, never inside of one, so that comparisons in a sentence stay.

use std::collections::BTreeMap;

use pulldown_cmark::Event;

use super::{Item, Piece, Words};

/// Two equals signs in one of the items.
#[derive(Clone, Copy)]
struct Sign {
    item: usize,
    at: usize,
}

/// The items with what stands between signs marked.
pub(super) fn marked(items: Vec<Item<'_>>) -> Vec<Item<'_>> {
    // The signs that may still be closed, for each element that is open.
    let mut open: Vec<Option<Sign>> = vec![None];
    let mut found: BTreeMap<usize, Vec<(usize, bool)>> = BTreeMap::new();
    for (index, item) in items.iter().enumerate() {
        match item {
            Item::Words(words, _) => {
                for (at, can_open, can_close) in signs(words, index, &items) {
                    let Some(waiting) = open.last_mut() else {
                        break;
                    };
                    let sign = Sign { item: index, at };
                    match *waiting {
                        Some(start) if can_close && (start.item, start.at + 2) != (index, at) => {
                            found.entry(start.item).or_default().push((start.at, true));
                            found.entry(index).or_default().push((at, false));
                            *waiting = None;
                        }
                        _ if can_open => *waiting = Some(sign),
                        _ => {}
                    }
                }
            }
            Item::Other(Piece::Event(Event::Start(_)), _) => open.push(None),
            Item::Other(Piece::Event(Event::End(_)), _) if open.len() > 1 => {
                open.pop();
            }
            Item::Other(..) => {}
        }
    }
    let mut out = Vec::with_capacity(items.len());
    for (index, item) in items.into_iter().enumerate() {
        match (item, found.remove(&index)) {
            (Item::Words(words, range), Some(mut signs)) => {
                signs.sort_unstable();
                let mut from = 0;
                for (at, is_start) in signs {
                    out.push(Item::Words(words.part(from, at), range.clone()));
                    let piece = if is_start {
                        Piece::MarkStart
                    } else {
                        Piece::MarkEnd
                    };
                    out.push(Item::Other(piece, range.clone()));
                    from = at + 2;
                }
                let rest = words.part(from, words.text.len());
                out.push(Item::Words(rest, range));
            }
            (item, _) => out.push(item),
        }
    }
    out
}

/// The signs in one item, and whether each can open and close.
fn signs(words: &Words, index: usize, items: &[Item<'_>]) -> Vec<(usize, bool, bool)> {
    let mut found = Vec::new();
    let text = words.text.as_str();
    let mut from = 0;
    while let Some(at) = text.get(from..).and_then(|rest| rest.find("==")) {
        let at = from + at;
        let length = text
            .bytes()
            .skip(at)
            .take_while(|byte| *byte == b'=')
            .count();
        from = at + length;
        let is_hard =
            words.hard.binary_search(&at).is_ok() || words.hard.binary_search(&(at + 1)).is_ok();
        if length != 2 || is_hard {
            continue;
        }
        let before = text.get(..at).and_then(|text| text.chars().next_back());
        let after = text.get(from..).and_then(|text| text.chars().next());
        let beside = |step: Option<usize>| step.and_then(|at| items.get(at));
        let before = before.map_or_else(|| edge(beside(index.checked_sub(1))), Side::of);
        let after = after.map_or_else(|| edge(beside(index.checked_add(1))), Side::of);
        let can_open = before != Side::Word && after != Side::Space;
        let can_close = before != Side::Space && after != Side::Word;
        found.push((at, can_open, can_close));
    }
    found
}

/// What stands beside a sign.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Side {
    Space,
    Word,
    Other,
}

impl Side {
    fn of(c: char) -> Side {
        if c.is_whitespace() {
            Side::Space
        } else if c.is_alphanumeric() {
            Side::Word
        } else {
            Side::Other
        }
    }
}

/// What the neighbour of a text is to a sign at its end.
fn edge(neighbour: Option<&Item<'_>>) -> Side {
    match neighbour {
        None | Some(Item::Other(Piece::Event(Event::SoftBreak | Event::HardBreak), _)) => {
            Side::Space
        }
        Some(_) => Side::Other,
    }
}
