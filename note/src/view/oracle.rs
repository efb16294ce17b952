//! The judge of the block-wise rendering: one parser over the whole source,
//! through the same writer, and no table of our own.

use std::ops::Range;

use pulldown_cmark::{Event, Parser, Tag};

use super::blocks::Details;
use super::contents::Line;
use super::definitions::{Numbering, fold};
use super::extended::{Piece, pieces};
use super::headings::{Heading, Reader};
use super::html::{Around, Writer};
use super::section::{options, parseable};
use super::{Change, View};
use crate::front_matter;

#[path = "../../tests/support/writing.rs"]
mod writing;

/// Documents tried when `TANDEM_VIEW_NOTES` does not say otherwise.
const NOTES_TRIED: usize = 30_000;

/// Words, and what stands between them.
const WORDS: [&str; 14] = [
    "a",
    "é",
    "漢",
    "w",
    "1",
    " ",
    ".",
    ", ",
    "on and on",
    "(b",
    "\"",
    "!",
    "&lt;",
    "",
];

/// The pieces of one top-level element, and where they stand.
type Group<'a> = Vec<(Piece<'a>, Range<usize>)>;

/// The whole source's pieces, gathered by top-level element.
fn groups(source: &str) -> Vec<Group<'_>> {
    let mut groups: Vec<Group<'_>> = Vec::new();
    let mut depth = 0;
    let mut details = Details::default();
    for (piece, range) in pieces(
        Parser::new_ext(source, options()).into_offset_iter(),
        source,
    ) {
        if depth == 0 && !details.holds(range.start) {
            groups.push(Vec::new());
        }
        if let Piece::Event(event) = &piece {
            details.follow(event, depth, range.start);
        }
        depth += usize::from(matches!(piece, Piece::Event(Event::Start(_))));
        depth -= usize::from(matches!(piece, Piece::Event(Event::End(_))));
        groups.last_mut().unwrap().push((piece, range));
    }
    groups
}

/// Footnote numbers counted in one pass over everything.
fn numberings(groups: &[Group<'_>]) -> Vec<Numbering> {
    let mut numbers: Vec<String> = Vec::new();
    let mut occurrences: Vec<u32> = Vec::new();
    let mut all = vec![Numbering::default(); groups.len()];
    for (group, numbering) in groups.iter().zip(&mut all) {
        for (event, _) in group {
            if let Piece::Event(Event::FootnoteReference(label)) = event {
                let label = fold(label);
                let known = numbers.iter().position(|known| *known == label);
                let index = known.unwrap_or(numbers.len());
                if known.is_none() {
                    numbers.push(label);
                    occurrences.push(0);
                }
                occurrences[index] += 1;
                numbering
                    .references
                    .push((index as u32 + 1, occurrences[index]));
            }
        }
    }
    let mut defined = Vec::new();
    for (group, numbering) in groups.iter().zip(&mut all) {
        for (event, _) in group {
            if let Piece::Event(Event::Start(Tag::FootnoteDefinition(label))) = event {
                let label = fold(label);
                let number = numbers.iter().position(|known| *known == label);
                let first = !defined.contains(&label);
                numbering
                    .definitions
                    .push((number.map(|index| index as u32 + 1), first));
                defined.push(label);
            }
        }
    }
    all
}

/// The ids of each element's headings, by counting all names before each.
fn ids(groups: &[Group<'_>]) -> Vec<Vec<String>> {
    let mut given: Vec<String> = Vec::new();
    let name = |slug: String| {
        let numbered = (1..).map(|number| format!("{slug}-{number}"));
        let mut all = std::iter::once(slug.clone()).chain(numbered);
        let free = all.find(|id| !given.contains(id)).unwrap();
        given.push(free.clone());
        free
    };
    let mut name = name;
    let of = |group: &Group<'_>| {
        let mut reader = Reader::default();
        group.iter().for_each(|(piece, _)| reader.piece(piece));
        let headings = reader.finish();
        headings.into_iter().map(|found| name(found.slug)).collect()
    };
    groups.iter().map(of).collect()
}

/// Every heading, as a list of contents has it.
fn contents(groups: &[Group<'_>], ids: &[Vec<String>]) -> Vec<Line> {
    let mut reader = Reader::default();
    let pieces = groups.iter().flatten();
    pieces.for_each(|(piece, _)| reader.piece(piece));
    let headings = reader.finish().into_iter().zip(ids.iter().flatten());
    let line = |(heading, id): (Heading, &String)| Line {
        level: heading.level,
        text: heading.text,
        id: id.clone(),
    };
    headings.map(line).collect()
}

/// The top-level elements of a source.
fn whole(source: &str) -> Vec<String> {
    let source = parseable(front_matter::body(source));
    let groups = groups(&source);
    let numberings = numberings(&groups);
    let ids = ids(&groups);
    let contents = contents(&groups, &ids);
    let render = |((group, numbering), ids): ((Group<'_>, &Numbering), &Vec<String>)| {
        let around = Around {
            numbering: Some(numbering),
            ids,
            contents: &contents,
        };
        let mut writer = Writer::new(usize::MAX, around, &|_| None);
        for (piece, range) in group {
            let written = &source[range.clone()];
            writer.piece(piece, range.start, written).unwrap();
        }
        match writer.finish() {
            (html, 1) => html,
            (html, _) => format!("<div>{html}</div>"),
        }
    };
    let groups = groups.into_iter().zip(&numberings).zip(&ids);
    groups.map(render).collect()
}

/// HTML without the numbers that say where in its section a task box stands, and
/// these numbers.
fn without_places(html: &str) -> (String, Vec<usize>) {
    let mut places = Vec::new();
    let mut parts = html.split(" data-at=\"");
    let mut out = parts.next().unwrap().to_owned();
    for part in parts {
        let (place, rest) = part.split_once('"').unwrap();
        places.push(place.parse().unwrap());
        out.push_str(rest);
    }
    (out, places)
}

/// Every task box says where in its section the mark stands that it shows.
fn check_places(view: &View, story: &str) {
    for entry in view.sections.iter() {
        let (block, text) = (&entry.block, &entry.text);
        let (_, places) = without_places(&block.html);
        let done = block.html.split("data-at=").skip(1);
        for (at, rest) in places.into_iter().zip(done) {
            let mark = &text[at - 1..at + 2];
            let checked = rest.split_once('>').unwrap().0.contains(" checked");
            let fits = match checked {
                true => ["[x]", "[X]"].contains(&mark),
                false => mark.starts_with('[') && mark.ends_with(']') && mark.trim() == mark,
            };
            assert!(fits, "{mark:?} at {at} of {text:?}\n{story}");
        }
    }
}

/// An element, or several that the parser put together.
fn inside(element: &str) -> &str {
    let inner = element.strip_prefix("<div>");
    inner
        .and_then(|it| it.strip_suffix("</div>"))
        .unwrap_or(element)
}

/// The elements of a view's blocks: a block is one, or a plain `div` around
/// several that cannot be read apart.
fn check(source: &str, story: &str) -> usize {
    let elements: Vec<String> = whole(source)
        .iter()
        .map(|html| without_places(html).0)
        .collect();
    let mut rest = elements.as_slice();
    let mut joined = 0;
    let view = View::new(source);
    check_places(&view, story);
    for block in view.blocks() {
        let html = without_places(&block.html).0;
        let inner = html
            .strip_prefix("<div>")
            .and_then(|html| html.strip_suffix("</div>"));
        let count = match inner {
            None => 1,
            Some(_) if rest.first() == Some(&html) => 1,
            Some(inner) => (2..=rest.len())
                .find(|count| {
                    rest[..*count]
                        .iter()
                        .map(|it| inside(it))
                        .collect::<String>()
                        == inner
                })
                .unwrap_or_else(|| panic!("{html:?} is not {rest:?}\n{story}")),
        };
        if inner.is_none() {
            assert_eq!(Some(&html), rest.first(), "{story}");
        }
        joined += usize::from(count > 1);
        rest = &rest[count..];
    }
    assert!(rest.is_empty(), "missing: {rest:?}\n{story}");
    joined
}

/// The seed, and how many notes are tried.
fn asked_for() -> (u64, usize) {
    let asked = |name: &str| std::env::var(name).ok()?.parse::<usize>().ok();
    let seed = asked("TANDEM_SEED").unwrap_or(11) as u64;
    (seed, asked("TANDEM_VIEW_NOTES").unwrap_or(NOTES_TRIED))
}

#[test]
fn blocks_rendered_one_by_one_are_the_whole_rendered_at_once() {
    let (seed, notes) = asked_for();
    let mut random = fastrand::Rng::with_seed(seed);
    let mut joined = 0;
    for round in 0..notes {
        let mut source = writing::NOTES[round % writing::NOTES.len()].to_owned();
        for _ in 0..random.usize(1..40) {
            let (range, insert) = writing::some_edit(&mut random, &source);
            source.replace_range(range, &insert);
        }
        joined += check(&source, &format!("seed {seed}, round {round}: {source:?}"));
    }
    assert!(joined > 0, "no block leant on another");
}

#[test]
fn labels_are_folded_as_the_parser_folds_them() {
    let mut tried = 0;
    for c in '\u{21}'..=char::MAX {
        let others = [
            c.to_lowercase().to_string(),
            c.to_uppercase().to_string(),
            fold(&c.to_string()),
        ];
        if others.iter().all(|other| other.chars().eq([c])) || c == '[' || c == ']' {
            continue;
        }
        let source = format!("[{c}]: /u");
        let parser = Parser::new_ext(&source, options());
        for other in others {
            let equal = parser.reference_definitions().get(&other).is_some();
            let folds = fold(&other) == fold(&c.to_string());
            assert_eq!(equal, folds, "{c:?} and {other:?}");
        }
        tried += 1;
    }
    assert!(tried > 2_000);
}

#[test]
fn words_within_a_section_leave_the_rest_as_it_was() {
    let (seed, notes) = asked_for();
    let mut random = fastrand::Rng::with_seed(seed);
    let (mut known, mut respelled) = (0, 0);
    for round in 0..notes {
        let mut source = writing::NOTES[round % writing::NOTES.len()].to_owned();
        for _ in 0..random.usize(0..30) {
            let (range, insert) = writing::some_edit(&mut random, &source);
            source.replace_range(range, &insert);
        }
        let view = View::new(&source);
        let texts = |view: &View| -> Vec<String> {
            let entries = view.sections.iter();
            entries.map(|entry| entry.text.clone()).collect()
        };
        let bounds = source.char_indices().map(|(at, _)| at);
        let bounds: Vec<usize> = bounds.chain([source.len()]).collect();
        for _ in 0..4 {
            let from = random.usize(0..bounds.len());
            let to = from + [0, 0, 1, 3][random.usize(0..4)];
            let change = Change {
                start: bounds[from],
                end: bounds[to.min(bounds.len() - 1)],
                insert: WORDS[random.usize(0..WORDS.len())],
            };
            let mut after = source.clone();
            after.replace_range(change.start..change.end, change.insert);
            let afresh = View::new(&after);
            let story = format!("seed {seed}, round {round}: {source:?} to {after:?}");
            if let Some(cut) = view.within_a_section(&change) {
                known += 1;
                let mut now = texts(&view);
                now.splice(cut.sections.clone(), [cut.text]);
                assert_eq!(now, texts(&afresh), "{story}");
            }
            let mut view = View::new(&source);
            let work = view.work();
            let range = change.start..change.end;
            if !view.replace(range, change.insert).unwrap().is_empty() && view.work() == work {
                respelled += 1;
            }
            assert_eq!(view.html(), afresh.html(), "{story}");
            assert_eq!(view.html_bytes(), afresh.html_bytes(), "{story}");
        }
    }
    assert!(known > 5_000, "only {known} were words");
    assert!(respelled > 1_000, "only {respelled} were letters");
}
