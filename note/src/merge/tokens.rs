//! Which tokens of two lists differ, in a time that a stranger cannot stretch.
//!
//! Myers' algorithm gives good answers and takes minutes over two megabytes of
//! short lines that come in another order. So a long list is first cut at the
//! tokens that both lists have exactly once and in the same order, as patience
//! diff does; a stretch that stays too long is taken as one change.

use std::collections::HashMap;
use std::ops::Range;

use imara_diff::{Algorithm, Diff, InternedInput};

/// The tokens of both lists together that Myers' algorithm is given at once.
const MAX_AT_ONCE: usize = 6_000;

/// A stretch of each of two lists.
pub(super) type Stretch = (Range<usize>, Range<usize>);

/// The stretches that differ: ascending, and apart from each other.
pub(super) fn differing(base: &[&str], other: &[&str]) -> Vec<Stretch> {
    let mut found = Vec::new();
    let whole = trim(base, other, (0..base.len(), 0..other.len()));
    if whole.0.len() + whole.1.len() <= MAX_AT_ONCE {
        compare(base, other, whole, &mut found);
        return found;
    }
    let (mut from, mut other_from) = (whole.0.start, whole.1.start);
    let end = (whole.0.end, whole.1.end);
    for (at, other_at) in anchors(base, other, &whole).into_iter().chain([end]) {
        let between = trim(base, other, (from..at, other_from..other_at));
        if between.0.len() + between.1.len() <= MAX_AT_ONCE {
            compare(base, other, between, &mut found);
        } else {
            found.push(between);
        }
        (from, other_from) = (at + 1, other_at + 1);
    }
    found
}

/// Leaves out what both stretches share at their ends.
fn trim(base: &[&str], other: &[&str], stretch: Stretch) -> Stretch {
    let (a, b) = slices(base, other, &stretch);
    let start = a.iter().zip(b).take_while(|(a, b)| a == b).count();
    let longest = a.len().min(b.len()) - start;
    let pairs = a.iter().rev().zip(b.iter().rev());
    let end = pairs.take(longest).take_while(|(a, b)| a == b).count();
    let (base, other) = stretch;
    (
        base.start + start..base.end - end,
        other.start + start..other.end - end,
    )
}

fn slices<'s, 'a>(
    base: &'s [&'a str],
    other: &'s [&'a str],
    stretch: &Stretch,
) -> (&'s [&'a str], &'s [&'a str]) {
    let base = base.get(stretch.0.clone()).unwrap_or_default();
    (base, other.get(stretch.1.clone()).unwrap_or_default())
}

fn compare(base: &[&str], other: &[&str], stretch: Stretch, found: &mut Vec<Stretch>) {
    if stretch.0.is_empty() && stretch.1.is_empty() {
        return;
    }
    if stretch.0.is_empty() || stretch.1.is_empty() {
        found.push(stretch);
        return;
    }
    let (a, b) = slices(base, other, &stretch);
    let mut input = InternedInput::default();
    input.update_before(a.iter().copied());
    input.update_after(b.iter().copied());
    let mut diff = Diff::compute(Algorithm::Myers, &input);
    diff.postprocess_no_heuristic(&input);
    let shifted = |range: Range<u32>, by: usize| range.start as usize + by..range.end as usize + by;
    found.extend(diff.hunks().map(|hunk| {
        (
            shifted(hunk.before, stretch.0.start),
            shifted(hunk.after, stretch.1.start),
        )
    }));
}

/// The tokens that each list has once, as many as stand in the same order.
fn anchors(base: &[&str], other: &[&str], stretch: &Stretch) -> Vec<(usize, usize)> {
    let (a, b) = slices(base, other, stretch);
    let mut places: HashMap<&str, (u32, usize, u32, usize)> = HashMap::new();
    for (at, token) in a.iter().enumerate() {
        let place = places.entry(token).or_default();
        (place.0, place.1) = (place.0 + 1, at);
    }
    for (at, token) in b.iter().enumerate() {
        if let Some(place) = places.get_mut(token) {
            (place.2, place.3) = (place.2 + 1, at);
        }
    }
    let mut pairs: Vec<(usize, usize)> = places
        .into_values()
        .filter(|&(in_base, _, in_other, _)| in_base == 1 && in_other == 1)
        .map(|(_, at, _, other_at)| (at + stretch.0.start, other_at + stretch.1.start))
        .collect();
    pairs.sort_unstable();
    longest_ascending(&pairs)
}

/// The longest list of pairs that ascends on both sides; the first side does.
fn longest_ascending(pairs: &[(usize, usize)]) -> Vec<(usize, usize)> {
    let mut previous: Vec<Option<usize>> = Vec::with_capacity(pairs.len());
    // For each length the pair that ends such a list lowest: its other side, and
    // where it stands.
    let mut tails: Vec<(usize, usize)> = Vec::new();
    for (index, &(_, other)) in pairs.iter().enumerate() {
        let length = tails.partition_point(|&(tail, _)| tail < other);
        let before = length.checked_sub(1).and_then(|at| tails.get(at));
        previous.push(before.map(|&(_, at)| at));
        match tails.get_mut(length) {
            Some(tail) => *tail = (other, index),
            None => tails.push((other, index)),
        }
    }
    let mut found = Vec::with_capacity(tails.len());
    let mut next = tails.last().map(|&(_, index)| index);
    while let Some(pair) = next.and_then(|index| pairs.get(index)) {
        found.push(*pair);
        next = next.and_then(|index| previous.get(index).copied().flatten());
    }
    found.reverse();
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_longest_ascending_list_is_found() {
        let pairs = [(0, 5), (1, 1), (2, 2), (3, 9), (4, 3), (5, 4)];
        assert_eq!(longest_ascending(&pairs), [(1, 1), (2, 2), (4, 3), (5, 4)]);
    }

    #[test]
    fn a_long_list_is_cut_at_what_both_have_once() {
        let lines: Vec<String> = (0..20_000).map(|line| format!("{line}\n")).collect();
        let base: Vec<&str> = lines.iter().map(String::as_str).collect();
        let mut other = base.clone();
        other[100] = "new";
        other.remove(15_000);
        let expected = [(100..101, 100..101), (15_000..15_001, 15_000..15_000)];
        assert_eq!(differing(&base, &other), expected);
    }
}
