//! Random edits to real documents: what is shown after each is what rendering the
//! whole source afresh would show.
//!
//! A few thousand run every time; `TANDEM_LONG_EDITS` says how many else, and
//! `TANDEM_SEED` which.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::string_slice,
    clippy::panic,
    reason = "a test fails by panicking"
)]

use note::view::{View, apply_patches};

#[path = "support/documents.rs"]
mod documents;
#[path = "support/writing.rs"]
mod writing;

/// Edits tried when nothing else is asked for.
const EDITS: usize = 3_000;

/// Edits made to one document before the next begins.
const EDITS_A_DOCUMENT: usize = 50;

/// Longest document, in bytes: all of it is rendered afresh after each edit.
const MAX_BYTES: usize = 24 * 1024;

fn asked(name: &str) -> Option<usize> {
    std::env::var(name).ok()?.parse().ok()
}

#[test]
fn real_documents_are_shown_as_if_afresh_after_any_edit() {
    let seed = asked("TANDEM_SEED").unwrap_or(7) as u64;
    let edits = asked("TANDEM_LONG_EDITS").unwrap_or(EDITS);
    let mut random = fastrand::Rng::with_seed(seed);
    let mut documents = documents::documents(40, MAX_BYTES);
    documents.extend(writing::NOTES.iter().map(|note| (*note).to_owned()));
    let mut changed = 0;
    for round in 0..edits.div_ceil(EDITS_A_DOCUMENT) {
        let document = &documents[round % documents.len()];
        let mut view = View::new(document);
        let mut page = view.blocks();
        for _ in 0..EDITS_A_DOCUMENT {
            let before = view.source();
            let (range, insert) = if random.u8(..8) == 0 {
                moved(&mut random, &before)
            } else {
                writing::some_edit(&mut random, &before)
            };
            let story = format!("seed {seed}, round {round}: {range:?} becomes {insert:?}");
            let patches = view.replace(range, &insert).unwrap();
            changed += patches.len();
            apply_patches(&mut page, &patches).unwrap();
            let fresh = View::new(&view.source());
            if view.html() != fresh.html() {
                let path = std::env::temp_dir().join("tandem-before.md");
                std::fs::write(&path, before).unwrap();
                panic!("differs from afresh, {story}\nbefore: {}", path.display());
            }
            assert!(page == view.blocks(), "patches lead elsewhere, {story}");
        }
    }
    assert!(changed > edits / 4, "the test hardly changed anything");
}

/// A few lines of the document, put somewhere else in it.
fn moved(random: &mut fastrand::Rng, text: &str) -> (std::ops::Range<usize>, String) {
    let lines: Vec<&str> = text.split_inclusive('\n').collect();
    let from = random.usize(..lines.len().max(1)).min(lines.len());
    let count = random.usize(1..12).min(lines.len() - from);
    let at: usize = lines[..random.usize(..=lines.len())]
        .iter()
        .map(|line| line.len())
        .sum();
    (at..at, lines[from..from + count].concat())
}
