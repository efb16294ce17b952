//! Our documents against the npm package `yjs`, over what three co-authors wrote at
//! random: it writes and we read, then we write and it reads.
//!
//! `TANDEM_YJS_CASES` says how many cases are tried, `TANDEM_SEED` which.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::print_stdout,
    reason = "a test fails by panicking"
)]

use std::fmt::Write as _;
use std::io::Write as _;
use std::path::Path;
use std::process::{Command, Stdio};

use fastrand::Rng;
use note::{ClientId, Document, Edit};
use serde::{Deserialize, Serialize};

#[path = "support/hex.rs"]
mod hex;

/// Cases tried when nothing else is asked for.
const CASES: usize = 500;

/// Updates, and the text that they make.
#[derive(Deserialize, Serialize)]
struct Case {
    updates: Vec<String>,
    text: String,
}

fn asked(name: &str) -> Option<usize> {
    std::env::var(name).ok()?.parse().ok()
}

/// Runs the program in which `yjs` does its part.
fn yjs(arguments: &[&str], input: &str) -> String {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap();
    let mut child = Command::new("node")
        .arg(root.join("e2e/yjs-cases.mjs"))
        .args(arguments)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap_or_else(|error| panic!("install Node.js, and run `npm ci`: {error}"));
    let mut stdin = child.stdin.take().unwrap();
    let input = input.to_owned();
    let writer = std::thread::spawn(move || stdin.write_all(input.as_bytes()).unwrap());
    let output = child.wait_with_output().unwrap();
    writer.join().unwrap();
    assert!(output.status.success(), "`yjs` failed; was `npm ci` run?");
    String::from_utf8(output.stdout).unwrap()
}

fn to_hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |mut hex, byte| {
        write!(hex, "{byte:02x}").unwrap();
        hex
    })
}

/// Takes in what `yjs` wrote, in three ways that must agree.
fn read(case: &Case, number: usize) -> Document {
    let mut document = Document::new(ClientId(1));
    let mut shown = String::new();
    let updates: Vec<Vec<u8>> = case.updates.iter().map(|it| hex::bytes(it)).collect();
    for update in &updates {
        let checked = document.check(update).unwrap();
        let edits = document.apply_located(&checked).unwrap();
        shown = note::edit::apply_to(&shown, &edits).unwrap();
    }
    assert_eq!(document.text(), case.text, "case {number}");
    assert_eq!(shown, case.text, "case {number}, by its edits");
    let updates: Vec<&[u8]> = updates.iter().map(Vec::as_slice).collect();
    if !updates.is_empty() {
        let merged = note::document::merge_updates(&updates).unwrap();
        let loaded = Document::load(ClientId(2), [merged.as_slice()]).unwrap();
        assert_eq!(loaded.text(), case.text, "case {number}, merged");
    }
    let snapshot = document.snapshot();
    let loaded = Document::load(ClientId(2), [snapshot.as_slice()]).unwrap();
    assert_eq!(loaded.text(), case.text, "case {number}, from a snapshot");
    document
}

/// A place of a text that is not within a surrogate pair.
fn place(random: &mut Rng, text: &str) -> u32 {
    let places = text.char_indices().map(|(at, _)| at).chain([text.len()]);
    let at = random.choice(places.collect::<Vec<_>>()).unwrap();
    text.chars()
        .scan(0, |end, character| {
            *end += character.len_utf8();
            (*end <= at).then_some(character.len_utf16() as u32)
        })
        .sum()
}

/// Writes on in a document, and gives what `yjs` is to make of it.
fn write_on(mut document: Document, random: &mut Rng) -> Case {
    let mut updates = vec![to_hex(&document.snapshot())];
    for _ in 0..random.usize(1..4) {
        let text = document.text();
        let (one, other) = (place(random, &text), place(random, &text));
        let (from, to) = (one.min(other), one.max(other).min(one.min(other) + 6));
        // Only a whole character is taken out.
        let to = if random.bool() && is_place(&text, to) {
            to
        } else {
            from
        };
        let insert = ["", "né🙂", "\n", "שלום", "e\u{301}", "👩‍🚀 "][random.usize(0..6)];
        let update = document.edit(&[Edit::new(from, to, insert)]).unwrap();
        updates.push(to_hex(&update));
    }
    Case {
        updates,
        text: document.text(),
    }
}

fn is_place(text: &str, unit: u32) -> bool {
    let mut at = 0;
    text.chars().any(|character| {
        let here = at == unit;
        at += character.len_utf16() as u32;
        here
    }) || at == unit
}

#[test]
fn yrs_and_yjs_read_the_same_in_what_the_other_wrote() {
    let seed = asked("TANDEM_SEED").unwrap_or(13);
    let cases = asked("TANDEM_YJS_CASES").unwrap_or(CASES);
    let made = yjs(&["make", &seed.to_string(), &cases.to_string()], "");
    let mut random = Rng::with_seed(seed as u64);
    let (mut ours, mut updates, mut read_cases) = (String::new(), 0, 0);
    for (number, line) in made.lines().enumerate() {
        let case: Case = serde_json::from_str(line).unwrap();
        let document = read(&case, number);
        updates += case.updates.len();
        read_cases += 1;
        let written = write_on(document, &mut random);
        ours.push_str(&serde_json::to_string(&written).unwrap());
        ours.push('\n');
    }
    let answer = yjs(&["check"], &ours);
    println!("seed {seed}: {read_cases} cases, {updates} updates of yjs read; back: {answer}");
    assert_eq!(read_cases, cases);
    assert_eq!(answer.trim(), format!("{cases} 0"), "checked and wrong");
}
