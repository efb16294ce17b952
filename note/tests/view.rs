//! The view's one promise, tried with seeded random writing: what it shows
//! after any edit is what rendering the whole source afresh would show, the
//! patches lead there, and the cost follows the edit.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::string_slice,
    clippy::panic,
    reason = "a test fails by panicking"
)]

use std::collections::BTreeSet;

use note::view::{Block, Patch, Title, View, apply_patches};

#[path = "support/writing.rs"]
mod writing;

use writing::{NOTES, some_edit};

/// Edits tried when nothing else is asked for.
const EDITS: usize = 24_000;

/// Edits made to one note before the next begins.
const EDITS_A_NOTE: usize = 60;

/// Bytes that a note of the property test may grow to.
const MAX_NOTE_BYTES: usize = 1_500;

fn edits() -> usize {
    let asked = std::env::var("TANDEM_VIEW_EDITS").ok();
    asked.and_then(|count| count.parse().ok()).unwrap_or(EDITS)
}

/// The seed, which a failing run prints.
fn seed() -> u64 {
    let asked = std::env::var("TANDEM_SEED").ok();
    asked
        .and_then(|seed| seed.parse().ok())
        .unwrap_or(20_261_123)
}

/// How many elements stand side by side at the top of some HTML of ours.
fn top_elements(html: &str) -> usize {
    let (mut depth, mut count, mut rest) = (0_i32, 0, html);
    while let Some(at) = rest.find('<') {
        assert!(
            depth > 0 || rest[..at].trim().is_empty(),
            "text at the top of {html:?}"
        );
        let tag = &rest[at..=at + rest[at..].find('>').unwrap()];
        let void = ["<br>", "<hr>", "<img ", "<input "]
            .iter()
            .any(|void| tag.starts_with(void));
        if tag.starts_with("</") {
            depth -= 1;
        } else {
            count += i32::from(depth == 0);
            depth += i32::from(!void);
        }
        rest = &rest[at + tag.len()..];
    }
    assert_eq!(depth, 0, "unbalanced: {html:?}");
    assert!(rest.trim().is_empty(), "text at the end of {html:?}");
    usize::try_from(count).unwrap()
}

fn check(view: &View, page: &[Block], story: &str) {
    let fresh = View::new(&view.source());
    assert_eq!(
        view.html(),
        fresh.html(),
        "incremental differs from afresh\n{story}"
    );
    assert_eq!(page, view.blocks(), "patches lead elsewhere\n{story}");
    let keys: BTreeSet<u32> = page.iter().map(|block| block.key).collect();
    assert_eq!(keys.len(), page.len(), "a key twice\n{story}");
    for block in page {
        assert_eq!(top_elements(&block.html), 1, "{:?}\n{story}", block.html);
    }
}

/// Goes along with a view by its patches, asking it only where there may be something new,
/// and compares with what a summary of the whole note says.
fn follow_title(title: &mut Title, at: usize, view: &View, patches: &[Patch], story: &str) {
    if !title.follow_from((at, true), view, patches) {
        *title = view.title();
    }
    let expected = note::summary::title(&view.source());
    assert_eq!(
        view.title().text,
        expected,
        "a summary says otherwise\n{story}"
    );
    assert_eq!(title.text, expected, "called by what is no more\n{story}");
}

#[test]
fn what_is_shown_after_any_edit_is_what_the_source_renders_to() {
    let seed = seed();
    let mut random = fastrand::Rng::with_seed(seed);
    let mut changes = 0;
    for round in 0..edits().div_ceil(EDITS_A_NOTE) {
        let mut view = View::new(NOTES[round % NOTES.len()]);
        let mut page = view.blocks();
        let mut title = view.title();
        for _ in 0..EDITS_A_NOTE {
            let before = view.source();
            let (range, mut insert) = some_edit(&mut random, &before);
            if before.len() > MAX_NOTE_BYTES {
                insert.clear();
            }
            let story = format!("seed {seed}, {range:?} of {before:?} becomes {insert:?}");
            let at = range.start;
            let patches = if random.bool() {
                view.replace(range, &insert).unwrap()
            } else {
                let mut after = before;
                after.replace_range(range, &insert);
                view.update(&after)
            };
            changes += patches.len();
            apply_patches(&mut page, &patches).unwrap();
            check(&view, &page, &story);
            follow_title(&mut title, at, &view, &patches, &story);
        }
    }
    assert!(changes > edits() / 4, "the test hardly changed anything");
}

/// A note of about 200 kB of ordinary paragraphs, lists, code and links.
fn long_note() -> String {
    let mut note = String::from("# Long\n\n");
    for index in 0..1_200 {
        note.push_str(&format!(
            "## Part {index}\n\nSome *ordinary* words about [this][a{}] and `that`, twice over.\n\n- one\n- two\n\n```rust\nlet part = {index};\n```\n\nMore of them here, to the end of the paragraph.\n\n",
            index % 50
        ));
    }
    (0..50).for_each(|index| note.push_str(&format!("[a{index}]: https://example.org/{index}\n")));
    note
}

#[test]
fn a_keystroke_in_a_long_note_parses_a_hundredth_of_it_at_most() {
    let note = long_note();
    assert!(note.len() > 180_000);
    let mut view = View::new(&note);
    for part in [0, 1, 400, 700, 999] {
        for what in ["Some *ord", "- one", "let part", "More of", "## Part"] {
            let from = view.source().find(&format!("## Part {part}\n")).unwrap();
            let at = from + view.source()[from..].find(what).unwrap() + 5;
            let before = view.work();
            let patches = view.replace(at..at, "x").unwrap();
            let cost = view.work() - before;
            assert!(
                cost < note.len() as u64 / 100,
                "{cost} bytes parsed for {what:?}"
            );
            assert_eq!(patches.len(), 1);
            assert_eq!((patches[0].remove, patches[0].insert.len()), (1, 1));
        }
    }
    assert_eq!(view.html(), View::new(&view.source()).html());
}

#[test]
fn a_changed_definition_changes_just_the_blocks_that_ask_for_it() {
    let mut view = View::new(&long_note());
    let at = view.source().find("example.org/7\n").unwrap();
    let before = view.work();
    let patches = view.replace(at..at, "new.").unwrap();
    assert_eq!(
        patches
            .iter()
            .map(|patch| patch.insert.len())
            .sum::<usize>(),
        24
    );
    assert!(view.work() - before < 20_000);
}

#[test]
fn a_block_right_behind_a_definition_stays_what_it_is() {
    let source = "a\n: b\n\n[x]: /u\n-\n-[[a|\n c\n\n-->\n\nText\n- last";
    let mut view = View::new(source);
    let at = source.find("Text").unwrap();
    let patches = view.replace(at..at, "*").unwrap();
    assert_eq!(view.html(), View::new(&view.source()).html());
    assert_eq!(patches.len(), 1);
}

#[test]
fn keys_stay_with_their_blocks() {
    let mut view = View::new("# Title\n\nThe first.\n\nThe second.\n");
    let keys = |view: &View| {
        view.blocks()
            .iter()
            .map(|block| block.key)
            .collect::<Vec<_>>()
    };
    let before = keys(&view);
    view.replace(9..9, "Before.\n\n").unwrap();
    let after = keys(&view);
    assert_eq!(
        [after[0], after[2], after[3]],
        [before[0], before[1], before[2]]
    );
    let patches = view.update("# Title\n\nBefore.\n\nThe FIRST.\n\nThe second.\n");
    assert_eq!(keys(&view), after);
    assert_eq!(patches.len(), 1);
    assert_eq!(patches[0].at, 2);
}

#[test]
fn a_range_that_is_not_in_the_source_is_refused() {
    let mut view = View::new("é");
    assert!(view.replace(1..1, "a").is_err());
    assert!(view.replace(0..9, "a").is_err());
    assert_eq!(view.source(), "é");
}

#[test]
fn a_patch_that_does_not_fit_is_an_error() {
    let patches = View::new("").update("a\n\nb");
    let mut page = Vec::new();
    apply_patches(&mut page, &patches).unwrap();
    let mut bad = patches[0].clone();
    bad.at = 3;
    assert!(apply_patches(&mut page, &[bad.clone()]).is_err());
    (bad.at, bad.remove) = (1, usize::MAX);
    assert!(apply_patches(&mut page, &[bad]).is_err());
}

#[test]
fn too_much_html_pauses_the_view_and_less_source_resumes_it() {
    let bomb = format!("[x]: /{}\n\n{}", "u".repeat(2_000), "[x]\n\n".repeat(2_000));
    let mut view = View::new("ada\n\nben\n");
    let mut page = view.blocks();
    for source in [
        "ada\n",
        &bomb,
        &format!("{bomb}more"),
        "ada\n\nben\n",
        &bomb,
        "",
    ] {
        let patches = view.update(source);
        apply_patches(&mut page, &patches).unwrap();
        check(&view, &page, source.get(..9).unwrap_or(source));
        assert_eq!(view.paused(), source.len() > 100);
    }
    assert!(View::new(&"*a".repeat(500_000)).paused());
}
