//! What a browser makes of a rendered note: the very elements that we wrote, in
//! each other as we wrote them, and nothing that is not allowed.
//!
//! `TANDEM_FUZZ_NOTES` says how many random notes are tried, `TANDEM_SEED` which.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::string_slice,
    clippy::panic,
    reason = "a test fails by panicking"
)]

use markup5ever_rcdom::{Handle, NodeData};
use note::view::View;

#[path = "support/allowed.rs"]
mod allowed;
#[path = "support/documents.rs"]
mod documents;
#[path = "support/parsed.rs"]
mod parsed;
#[path = "support/writing.rs"]
mod writing;

/// Random notes tried when nothing else is asked for.
const NOTES: usize = 2_500;

/// Random formulas tried when nothing else is asked for.
const FORMULAS: usize = 20_000;

/// Hostile pieces, one a line.
const PAYLOADS: &str = include_str!("cases/hostile.txt");

/// What formulas are made of, right and wrong.
const LATEX: &[&str] = &[
    "x",
    "y",
    "1",
    "23.5",
    "+",
    "-",
    "=",
    "<",
    ">",
    "&",
    "\\\\",
    "{",
    "}",
    "^",
    "_",
    "'",
    "(",
    ")",
    "[",
    "]",
    "|",
    "\\frac",
    "\\sqrt",
    "\\sqrt[3]",
    "\\left(",
    "\\right)",
    "\\left",
    "\\right.",
    "\\begin{matrix}",
    "\\end{matrix}",
    "\\begin{array}{c|c}",
    "\\begin{array}{||}",
    "\\end{array}",
    "\\begin{cases}",
    "\\end{cases}",
    "\\begin{align}",
    "\\end{align}",
    "\\hline",
    "\\hdashline",
    "\\sum",
    "\\int",
    "\\limits",
    "\\nolimits",
    "\\text{a <b> & c}",
    "\\text{",
    "\\mathbf",
    "\\mathbb{R}",
    "\\mathcal",
    "\\color{red}",
    "\\color",
    "\\textcolor{blue}{x}",
    "\\hspace{2em}",
    "\\hspace{-900em}",
    "\\kern",
    "\\rule{1em}{2em}",
    "\\not",
    "\\not=",
    "\\operatorname{<img src=x onerror=alert(1)>}",
    "\\operatorname{a}",
    "\\href{javascript:alert(1)}{x}",
    "\\unicode{x41}",
    "\\char",
    "\\def\\a{\\a\\a}",
    "\\a",
    "\\let",
    "\\newcommand{\\b}{x}",
    "\\b",
    "\\overset{a}{b}",
    "\\underbrace{x}",
    "\\binom{a}{b}",
    "\\stackrel",
    "\\displaystyle",
    "\\Big(",
    "\\bigl",
    "\\middle|",
    "\\substack{a \\\\ b}",
    "\\tag{1}",
    "%",
    "#",
    "#1",
    "~",
    " ",
    "\\ ",
    "\\,",
    "\\!",
    "\\quad",
    "é",
    "漢",
    "👩‍🚀",
    "\u{338}",
    "\"",
    "\\",
    "\\begin{pmatrix*}[r]",
    "\\genfrac",
    "\\genfrac()",
    "\\cfrac",
    "\\pmod",
    "\\mod",
    "\\prime",
    "''''",
    "\\overline",
    "\\hat",
    "\\vec{x}",
    "\\phantom{x}",
    "\\mathchoice",
    "\\atop",
    "\\over",
    "\\multicolumn",
    "\\\\[2em]",
    "\\\\[",
    "&&&",
    "^^",
    "__",
    "x_1^2",
    "\\mathrm{d}x",
    "\\infty",
    "\\to",
    "\\ce{H2O}",
];

fn asked(name: &str) -> Option<usize> {
    std::env::var(name).ok()?.parse().ok()
}

/// The elements of some HTML, each with how many it stands in.
fn written(html: &str) -> Vec<(usize, String)> {
    let mut depth = 0;
    let mut found = Vec::new();
    for tag in html.split('<').skip(1) {
        if tag.starts_with('/') {
            depth -= 1;
            continue;
        }
        let end = tag.find([' ', '>']).unwrap();
        let name = &tag[..end];
        found.push((depth, name.to_owned()));
        depth += usize::from(!matches!(name, "br" | "hr" | "img" | "input"));
    }
    found
}

/// The elements that a browser has.
fn seen(node: &Handle, depth: usize, found: &mut Vec<(usize, String)>) {
    for child in node.children.borrow().iter() {
        match &child.data {
            NodeData::Element { name, .. } => {
                found.push((depth, name.local.to_string()));
                seen(child, depth + 1, found);
            }
            NodeData::Text { .. } => {}
            other => panic!("{other:?}"),
        }
    }
}

fn check(html: &str, story: &str) {
    allowed::assert_allowed(html, story);
    let mut elements = Vec::new();
    let dom = parsed::parsed(html);
    seen(&parsed::root(&dom), 0, &mut elements);
    assert_eq!(written(html), elements, "{story}\n{html}");
}

#[test]
fn random_notes_are_read_as_they_were_written() {
    let seed = asked("TANDEM_SEED").unwrap_or(3) as u64;
    let notes = asked("TANDEM_FUZZ_NOTES").unwrap_or(NOTES);
    let mut random = fastrand::Rng::with_seed(seed);
    let mut documents = documents::documents(40, 2_000);
    documents.extend(writing::NOTES.iter().map(|note| (*note).to_owned()));
    let payloads: Vec<&str> = PAYLOADS.lines().collect();
    let mut bytes = 0;
    for round in 0..notes {
        let mut source = documents[round % documents.len()].clone();
        for _ in 0..random.usize(1..30) {
            let (range, mut insert) = writing::some_edit(&mut random, &source);
            match random.u8(..6) {
                0 => insert.push_str(payloads[random.usize(..payloads.len())]),
                1 => insert.push_str(LATEX[random.usize(..LATEX.len())]),
                _ => {}
            }
            source.replace_range(range, &insert);
        }
        let html = View::new(&source).html();
        bytes += html.len();
        check(&html, &format!("seed {seed}, round {round}: {source:?}"));
    }
    assert!(bytes > notes * 200, "there was hardly anything to see");
}

#[test]
fn random_formulas_are_formulas_or_stay_text() {
    let seed = asked("TANDEM_SEED").unwrap_or(4) as u64;
    let formulas = asked("TANDEM_FUZZ_FORMULAS").unwrap_or(FORMULAS);
    let mut random = fastrand::Rng::with_seed(seed);
    let mut understood = 0;
    for round in 0..formulas {
        let pieces = random.usize(1..14);
        let pieces = (0..pieces).map(|_| LATEX[random.usize(..LATEX.len())]);
        let latex: Vec<&str> = pieces.collect();
        let latex = latex.join(if random.bool() { "" } else { " " });
        let html = View::new(&format!("a $${latex}$$ b")).html();
        understood += usize::from(html.contains("<math"));
        check(&html, &format!("seed {seed}, round {round}: {latex:?}"));
    }
    assert!(
        understood > formulas / 100,
        "only {understood} were understood"
    );
}
