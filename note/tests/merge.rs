//! Merging an edit from somebody without a socket.

#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a failing test should stop"
)]

use std::time::{Duration, Instant};

use note::edit::apply_to;
use note::merge::merge;

/// How long a merge of two megabytes that share nothing may take.
const MAX_HOSTILE: Duration = Duration::from_secs(2);

#[track_caller]
fn check(base: &str, mine: &str, current: &str, expected: &str) {
    let edits = merge(base, mine, current);
    assert_eq!(apply_to(current, &edits).unwrap(), expected, "{edits:?}");
}

#[test]
fn changes_of_different_lines_are_both_kept() {
    check("a\nb\nc\n", "A\nb\nc\n", "a\nb\nC\n", "A\nb\nC\n");
    check("a\nb\nc\n", "a\nc\n", "a\nb\nc\nd\n", "a\nc\nd\n");
}

#[test]
fn changes_of_different_words_of_a_line_are_both_kept() {
    check(
        "the red fox sat",
        "the brown fox sat",
        "the red fox slept",
        "the brown fox slept",
    );
}

#[test]
fn what_both_put_in_at_one_place_is_kept() {
    check("ab", "a1b", "a2b", "a21b");
    check("", "mine", "theirs", "theirsmine");
}

#[test]
fn the_same_change_is_made_once() {
    check("one two", "one 2", "one 2", "one 2");
    check("a\n", "a\nb\n", "a\nb\n", "a\nb\n");
}

#[test]
fn text_put_into_a_passage_that_was_taken_out_stays() {
    check(
        "keep [gone] keep",
        "keep  keep",
        "keep [go+ne] keep",
        "keep + keep",
    );
    check("one\ntwo\nthree\n", "", "one\nnew\ntwo\nthree\n", "new\n");
}

#[test]
fn text_put_into_a_passage_that_others_took_out_stays() {
    check(
        "one\ntwo\nthree\n",
        "one\nTWO\ntwo\nthree\n",
        "one\nthree\n",
        "one\nTWO\nthree\n",
    );
}

#[test]
fn offsets_are_utf16_units() {
    let edits = merge("😀é a", "😀é b", "😀😀é a");
    assert_eq!((edits[0].from, edits[0].to), (6, 7));
}

fn random_text(random: &mut fastrand::Rng) -> String {
    const PARTS: [&str; 10] = [
        "a", "b ", "word ", "é", "😀", "\n", "\n\n", "- x\n", "e\u{301}", ".",
    ];
    (0..random.usize(0..30))
        .map(|_| PARTS[random.usize(0..PARTS.len())])
        .collect()
}

fn changed(text: &str, random: &mut fastrand::Rng) -> String {
    let mut characters: Vec<char> = text.chars().collect();
    for _ in 0..random.usize(0..4) {
        let at = random.usize(0..=characters.len());
        let to = random.usize(at..=characters.len().min(at + 5));
        characters.splice(at..to, random_text(random).chars().take(4));
    }
    characters.into_iter().collect()
}

#[test]
fn merging_has_the_properties_of_a_merge() {
    let seed = 11;
    let mut random = fastrand::Rng::with_seed(seed);
    for round in 0..20_000 {
        let base = random_text(&mut random);
        let mine = changed(&base, &mut random);
        let current = changed(&base, &mut random);
        let told = format!("seed {seed} round {round}: {base:?} {mine:?} {current:?}");
        let alone = merge(&base, &mine, &base);
        assert_eq!(apply_to(&base, &alone).unwrap(), mine, "{told}");
        assert_eq!(merge(&base, &base, &current), [], "{told}");
        assert_eq!(merge(&base, &mine, &mine), [], "{told}");
        let both = apply_to(&current, &merge(&base, &mine, &current));
        assert!(both.is_ok(), "{told}: {both:?}");
    }
}

#[test]
fn disjoint_changes_give_both() {
    let seed = 12;
    let mut random = fastrand::Rng::with_seed(seed);
    for round in 0..2_000 {
        let [before, between, after] =
            [(); 3].map(|()| format!("{}\n§\n", random_text(&mut random)));
        let base = format!("{before}left\n{between}right\n{after}");
        let mine = format!("{before}LEFT!\n{between}right\n{after}");
        let current = format!("{before}left\n{between}RIGHT?\n{after}");
        let expected = format!("{before}LEFT!\n{between}RIGHT?\n{after}");
        let edits = merge(&base, &mine, &current);
        assert_eq!(
            apply_to(&current, &edits).unwrap(),
            expected,
            "seed {seed} round {round}"
        );
    }
}

#[test]
#[expect(
    clippy::disallowed_methods,
    reason = "a hang is found by the clock alone"
)]
fn a_megabyte_that_shares_nothing_is_merged_in_time() {
    let texts: [fn(usize, usize) -> String; 5] = [
        |salt, line| format!("{salt} {line}\n"),
        |salt, line| format!("{}\n", (line * (salt + 7)) % 1_000),
        |salt, line| {
            if (line * line / (salt + 3)).is_multiple_of(3) {
                "a\n".into()
            } else {
                "b\n".into()
            }
        },
        |salt, line| {
            char::from_u32(0x4e00 + (line * (salt + 1) % 20_000) as u32)
                .unwrap()
                .into()
        },
        |salt, line| {
            if (line >> (line % (salt + 5))) % 2 == 0 {
                "\n".into()
            } else {
                "x\n".into()
            }
        },
    ];
    for (kind, line_of) in texts.iter().enumerate() {
        let [base, mine, current] = [0, 1, 2].map(|salt| {
            let mut text = String::new();
            for line in 0.. {
                text.push_str(&line_of(salt, line));
                if text.len() >= 1 << 20 {
                    break;
                }
            }
            text
        });
        let start = Instant::now();
        let edits = merge(&base, &mine, &current);
        let took = start.elapsed();
        assert!(apply_to(&current, &edits).is_ok());
        assert!(took < MAX_HOSTILE, "kind {kind} took {took:?}");
    }
}
