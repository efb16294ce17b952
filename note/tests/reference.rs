//! The examples of the specifications, against the HTML that stands in them.
//!
//! Where ours means something else, the example stands with the rule for it in
//! `spec/deviations.txt`. One that deviates and is not listed fails the test, and so
//! does one that is listed and does not deviate any more.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::string_slice,
    clippy::panic,
    reason = "a test fails by panicking"
)]

use std::collections::BTreeMap;

use note::view::View;

#[path = "support/canonical.rs"]
mod canonical;
#[path = "support/parsed.rs"]
mod parsed;

use canonical::canonical;

/// Begins an example, before its number, and ends it.
const FENCE: &str = "````````````````````````````````";

/// `specification number rule`, a line each; the rules are explained on top.
const DEVIATIONS: &str = include_str!("spec/deviations.txt");

struct Example {
    number: u32,
    markdown: String,
    html: String,
}

fn examples(spec: &str) -> Vec<Example> {
    let mut parts = spec.split(FENCE).skip(1);
    let mut found = Vec::new();
    while let Some(part) = parts.next() {
        let (number, rest) = part.split_once('\n').unwrap();
        let (markdown, html) = match rest.strip_prefix(".\n") {
            Some(html) => ("", html),
            None => rest.split_once("\n.\n").unwrap(),
        };
        found.push(Example {
            number: number.trim().parse().unwrap(),
            markdown: format!("{markdown}\n").replace('→', "\t"),
            html: html.replace('→', "\t"),
        });
        parts.next();
    }
    found
}

/// What is listed for a specification: number to rule.
fn listed(name: &str) -> BTreeMap<u32, &'static str> {
    let (_, list) = DEVIATIONS.split_once("\n\n").unwrap();
    let (rules, _) = DEVIATIONS.split_once("\n\n").unwrap();
    let mut found = BTreeMap::new();
    for line in list.lines().filter(|line| !line.is_empty()) {
        let [of, number, rule] = line.split(' ').collect::<Vec<_>>()[..] else {
            panic!("{line:?}");
        };
        let explained = rules
            .lines()
            .any(|line| line.starts_with(&format!("{rule}: ")));
        assert!(explained, "no rule is called {rule:?}");
        if of == name {
            let before = found.insert(number.parse().unwrap(), rule);
            assert_eq!(before, None, "twice: {line:?}");
        }
    }
    found
}

fn check(name: &str, spec: &str, expected: usize) {
    let mut listed = listed(name);
    let examples = examples(spec);
    assert_eq!(examples.len(), expected);
    let mut wrong = Vec::new();
    let mut seen = 0;
    for example in examples {
        let ours = canonical(&View::new(&example.markdown).html());
        let theirs = canonical(&example.html);
        seen += usize::from(!theirs.is_empty());
        let rule = listed.remove(&example.number);
        let Example {
            number, markdown, ..
        } = example;
        match (ours == theirs, rule) {
            (true, None) | (false, Some(_)) => {}
            (true, Some(rule)) => wrong.push(format!("{name} {number} is as it should be: {rule}")),
            (false, None) => wrong.push(format!(
                "{name} {number}\n   {markdown:?}\n   is   {ours}\n   not  {theirs}"
            )),
        }
    }
    assert!(seen * 10 > expected * 9, "only {seen} mean anything");
    assert!(listed.is_empty(), "no such examples: {listed:?}");
    assert!(
        wrong.is_empty(),
        "{} wrong:\n{}",
        wrong.len(),
        wrong.join("\n")
    );
}

#[test]
fn the_examples_of_commonmark_mean_what_they_should() {
    check("commonmark", include_str!("spec/commonmark.txt"), 652);
}

#[test]
fn the_examples_of_githubs_extensions_mean_what_they_should() {
    check("gfm", include_str!("spec/gfm.txt"), 24);
    check("extensions", include_str!("spec/extensions.txt"), 28);
}
