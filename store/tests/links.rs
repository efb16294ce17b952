//! Which notes link to a note, over the real schema: to each what they may open.
#![expect(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test may stop at the first surprise"
)]
#![allow(dead_code, reason = "finding uses more of the shelf")]

#[path = "support/shelf.rs"]
mod shelf;
#[path = "support/sqlite.rs"]
mod sqlite;

use shelf::{NOON, Shelf, id, person};
use sqlite::now;
use store::finding::{Finder, linked};
use store::notes::{delete_for_good, trash};

const ADA: u128 = 0xada;
const BEN: u128 = 0xbe;
const HUB: u128 = 1_000;

fn me(number: u128) -> Finder {
    Finder {
        person: Some(person(number)),
        at: NOON,
        ..Finder::default()
    }
}

/// The numbers of the notes that link to one.
fn linking(shelf: &Shelf, who: &Finder, note: u128) -> Vec<u128> {
    let found = now(linked(&shelf.database, who, id(note))).unwrap();
    found.iter().map(|note| note.id.0.as_u128()).collect()
}

#[test]
fn a_note_is_linked_by_its_title_whatever_the_case() {
    let shelf = Shelf::new();
    shelf.note(HUB, Some(ADA), "Garden plan", "text");
    for number in 1..=4 {
        shelf.note(number, Some(ADA), "Other", "text");
    }
    shelf.link(1, 2, "One", &["garden PLAN", "Elsewhere"]);
    shelf.link(2, 3, "Two", &["Garden plan", "GARDEN plan"]);
    shelf.link(3, 4, "Three", &["Garden", "Garden plan 2"]);
    let found = now(linked(&shelf.database, &me(ADA), id(HUB))).unwrap();
    let titles: Vec<&str> = found.iter().map(|note| note.title.as_str()).collect();
    assert_eq!(titles, ["Two", "One"], "what changed last first");
    // Renamed, it is another note to who links.
    shelf.link(HUB, 9, "Elsewhere", &["Elsewhere"]);
    assert_eq!(linking(&shelf, &me(ADA), HUB), [1], "and not by itself");
}

#[test]
fn links_are_those_of_the_newest_entry() {
    let shelf = Shelf::new();
    shelf.note(HUB, Some(ADA), "Hub", "text");
    shelf.note(1, Some(ADA), "One", "text");
    shelf.link(1, 5, "One", &["Hub"]);
    shelf.link(1, 4, "One", &["Late"]);
    assert_eq!(linking(&shelf, &me(ADA), HUB), [1]);
    shelf.link(1, 6, "One", &["Other"]);
    assert_eq!(linking(&shelf, &me(ADA), HUB), []);
    shelf.link(1, 7, "One", &["Hub"]);
    now(trash(&shelf.database, id(1), NOON)).unwrap();
    assert_eq!(linking(&shelf, &me(ADA), HUB), []);
    now(delete_for_good(&shelf.database, id(1), NOON)).unwrap();
    assert_eq!(shelf.database.count("SELECT count(*) FROM note_links"), 0);
}

#[test]
fn a_note_without_a_title_is_linked_by_nobody() {
    let shelf = Shelf::new();
    shelf.note(HUB, Some(ADA), "", "text");
    shelf.note(1, Some(ADA), "One", "text");
    shelf.link(1, 5, "One", &[""]);
    assert_eq!(linking(&shelf, &me(ADA), HUB), []);
}

/// As `finding.rs` has it of lists: a life by chance, and a slow model of it.
#[test]
fn nobody_learns_of_a_note_they_may_not_open() {
    let mut found_something = 0_usize;
    for seed in 1..=40 {
        let shelf = Shelf::new();
        let model = shelf.live(seed);
        shelf.note(HUB, Some(BEN), "Hub", "text");
        shelf.database.change(
            "INSERT INTO note_links (note_id, title)
             SELECT id, 'hub' FROM notes WHERE id <> ?1",
            rusqlite::params![id(HUB).to_string()],
        );
        for number in 0..shelf::PEOPLE {
            let who = shelf::PERSON + number;
            let expected = model.found_by(who, false);
            let mut found = linking(&shelf, &me(who), HUB);
            found.sort_unstable();
            assert_eq!(found, expected, "seed {seed}, person {number}");
            found_something += expected.len();
        }
        let stranger = Finder {
            at: NOON,
            ..Finder::default()
        };
        assert_eq!(linking(&shelf, &stranger, HUB), []);
    }
    assert!(found_something > 200, "{found_something}");
}

#[test]
fn no_table_is_read_as_a_whole_for_it() {
    let shelf = Shelf::new();
    shelf.many(2_000, ADA, BEN);
    shelf.note(HUB * 10, Some(ADA), "Hub", "text");
    shelf.link(2, 5, "Two", &["Hub"]);
    assert_eq!(linking(&shelf, &me(ADA), HUB * 10), [2]);
    let scanned = |step: &&String| {
        let mut words = step.split(' ');
        let tables = ["notes", "n", "o", "l", "c", "note_links", "share_links"];
        words.next() == Some("SCAN") && words.next().is_some_and(|table| tables.contains(&table))
    };
    let plans = shelf.database.plans();
    assert!(
        plans
            .iter()
            .any(|step| step.contains("note_links_by_title"))
    );
    assert_eq!(plans.iter().find(scanned), None);
}
