//! Markdown and the HTML it becomes, pair by pair. The pairs stand in
//! `tests/cases/*.md`: Markdown, a line with a single dot, the expected HTML,
//! a line with a row of dashes.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test fails by panicking"
)]

use note::view::View;

/// Between Markdown and HTML.
const BECOMES: &str = "\n.\n";

/// Between one pair and the next.
const NEXT: &str = "\n----------\n";

fn check(cases: &str, at_least: usize) {
    let mut tried = 0;
    for case in cases.trim_end().trim_end_matches('-').split(NEXT) {
        let (markdown, expected) = case
            .split_once(BECOMES)
            .unwrap_or_else(|| panic!("no dot in {case:?}"));
        assert_eq!(
            View::new(markdown).html(),
            expected.trim_end(),
            "{markdown:?}"
        );
        tried += 1;
    }
    assert!(tried >= at_least, "only {tried} cases");
}

#[test]
fn blocks_render() {
    check(include_str!("cases/blocks.md"), 25);
}

#[test]
fn inlines_render() {
    check(include_str!("cases/inlines.md"), 25);
}

#[test]
fn what_reaches_across_blocks_renders() {
    check(include_str!("cases/across.md"), 9);
}
