//! The judge of the block-wise rendering: one parser over the whole source,
//! through the same writer, and no table of our own.

use pulldown_cmark::{Event, Parser, Tag};

use super::View;
use super::definitions::{Numbering, fold};
use super::html::Writer;
use super::section::{options, parseable};

#[path = "../../tests/support/writing.rs"]
mod writing;

/// Documents tried when `TANDEM_VIEW_NOTES` does not say otherwise.
const NOTES_TRIED: usize = 30_000;

/// The whole source's events, gathered by top-level element.
fn groups(source: &str) -> Vec<Vec<Event<'_>>> {
    let mut groups: Vec<Vec<Event<'_>>> = Vec::new();
    let mut depth = 0;
    for event in Parser::new_ext(source, options()) {
        if depth == 0 {
            groups.push(Vec::new());
        }
        depth += i32::from(matches!(event, Event::Start(_)));
        depth -= i32::from(matches!(event, Event::End(_)));
        groups.last_mut().unwrap().push(event);
    }
    groups
}

/// Footnote numbers counted in one pass over everything.
fn numberings(groups: &[Vec<Event<'_>>]) -> Vec<Numbering> {
    let mut numbers: Vec<String> = Vec::new();
    let mut occurrences: Vec<u32> = Vec::new();
    let mut all = vec![Numbering::default(); groups.len()];
    for (group, numbering) in groups.iter().zip(&mut all) {
        for event in group {
            if let Event::FootnoteReference(label) = event {
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
        for event in group {
            if let Event::Start(Tag::FootnoteDefinition(label)) = event {
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

/// The top-level elements of a source.
fn whole(source: &str) -> Vec<String> {
    let source = parseable(source);
    let groups = groups(&source);
    let numberings = numberings(&groups);
    let render = |(group, numbering): (Vec<Event<'_>>, &Numbering)| {
        let mut writer = Writer::new(usize::MAX, numbering, |_: &str| None);
        for event in group {
            writer.event(event).unwrap();
        }
        writer.finish()
    };
    groups.into_iter().zip(&numberings).map(render).collect()
}

/// The elements of a view's blocks: a block is one, or a plain `div` around
/// several that cannot be read apart.
fn check(source: &str, story: &str) -> usize {
    let elements = whole(source);
    let mut rest = elements.as_slice();
    let mut joined = 0;
    for block in View::new(source).blocks() {
        let inner = block
            .html
            .strip_prefix("<div>")
            .and_then(|html| html.strip_suffix("</div>"));
        let count = match inner {
            None => 1,
            Some(inner) => (2..=rest.len())
                .find(|count| rest[..*count].concat() == inner)
                .unwrap_or_else(|| panic!("{:?} is not {rest:?}\n{story}", block.html)),
        };
        if inner.is_none() {
            assert_eq!(Some(&block.html), rest.first(), "{story}");
        }
        joined += usize::from(count > 1);
        rest = &rest[count..];
    }
    assert!(rest.is_empty(), "missing: {rest:?}\n{story}");
    joined
}

#[test]
fn blocks_rendered_one_by_one_are_the_whole_rendered_at_once() {
    let asked = |name: &str| std::env::var(name).ok()?.parse::<usize>().ok();
    let seed = asked("TANDEM_SEED").unwrap_or(11) as u64;
    let notes = asked("TANDEM_VIEW_NOTES").unwrap_or(NOTES_TRIED);
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
