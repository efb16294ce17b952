//! The view's promise in long notes, where most of it is left alone: after any edit
//! it is what rendering the whole afresh gives, whatever labels reach from one end to
//! the other, and an edit parses next to nothing of it.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::string_slice,
    clippy::panic,
    reason = "a test fails by panicking"
)]

use std::ops::Range;

use note::view::{View, apply_patches};

#[path = "support/writing.rs"]
mod writing;

use writing::{NOTES, PIECES, some_edit};

/// Edits tried when `TANDEM_LONG_EDITS` does not say otherwise.
const EDITS: usize = 900;

/// Edits made to one note before the next begins, and how many of them are judged at
/// once: judging renders the whole.
const EDITS_A_NOTE: usize = 90;
const EDITS_A_CHECK: usize = 3;

/// Bytes of a note to begin with.
const NOTE_BYTES: usize = 24_000;

fn asked(name: &str) -> Option<usize> {
    std::env::var(name).ok()?.parse().ok()
}

/// A note of everything, with labels that are defined far from where they are used.
fn long_note(random: &mut fastrand::Rng) -> String {
    let mut note = String::new();
    let label = |random: &mut fastrand::Rng| random.u8(..12);
    while note.len() < NOTE_BYTES {
        match random.u8(..10) {
            0 => note.push_str(NOTES[random.usize(..NOTES.len())]),
            1 => note.push_str(&format!("[l{0}]: /to{0}\n", label(random))),
            2 => note.push_str(&format!("[^n{0}]: The note {0}.\n", label(random))),
            3 => note.push_str(&format!("# Part [l{}]\n", label(random))),
            4 => note.push_str(&format!("- one [^n{}]\n- two\n", label(random))),
            5 => note.push_str(PIECES[random.usize(..PIECES.len())]),
            _ => note.push_str(&format!(
                "Words with [a link][l{}] and [l{}], é and 👩‍🚀, see[^n{}].\n",
                label(random),
                label(random),
                label(random)
            )),
        }
        note.push('\n');
    }
    note
}

/// An edit somewhere, as a person makes it: mostly near the last one.
fn next_edit(random: &mut fastrand::Rng, source: &str, last: usize) -> (Range<usize>, String) {
    let far = random.u8(..4) == 0;
    let around = if far {
        random.usize(..=source.len())
    } else {
        last
    };
    let from = source.floor_char_boundary(around.saturating_sub(300).min(source.len()));
    let to = source.ceil_char_boundary((around + 300).min(source.len()));
    let (range, insert) = some_edit(random, &source[from..to]);
    (from + range.start..from + range.end, insert)
}

#[test]
fn in_long_notes_too_the_view_is_what_the_source_renders_to() {
    let seed = asked("TANDEM_SEED").unwrap_or(20_261_125) as u64;
    let edits = asked("TANDEM_LONG_EDITS").unwrap_or(EDITS);
    let mut random = fastrand::Rng::with_seed(seed);
    let mut changes = 0;
    for round in 0..edits.div_ceil(EDITS_A_NOTE) {
        let mut source = long_note(&mut random);
        let mut view = View::new(&source);
        let mut page = view.blocks();
        let mut last = 0;
        for edit in 1..=EDITS_A_NOTE {
            let (range, insert) = next_edit(&mut random, &source, last);
            last = range.start + insert.len();
            let story = format!("seed {seed}, note {round}, edit {edit}: {range:?}, {insert:?}");
            let patches = view.replace(range.clone(), &insert).unwrap();
            source.replace_range(range, &insert);
            changes += patches.len();
            apply_patches(&mut page, &patches).unwrap();
            if edit % EDITS_A_CHECK == 0 {
                assert_eq!(view.source(), source, "{story}");
                assert_eq!(view.html(), View::new(&source).html(), "{story}");
                assert_eq!(page, view.blocks(), "{story}");
            }
        }
    }
    assert!(changes > edits / 2, "the test hardly changed anything");
}

#[test]
fn pieces_of_the_source_are_found_without_the_rest() {
    let mut random = fastrand::Rng::with_seed(5);
    for source in [String::new(), "\n \n".to_owned(), long_note(&mut random)] {
        let view = View::new(&source);
        assert_eq!(view.len_bytes(), source.len());
        for _ in 0..200 {
            let from = random.usize(..=source.len());
            let to = random.usize(from..=source.len() + 2);
            assert_eq!(view.slice(from..to).as_deref(), source.get(from..to));
        }
    }
}
