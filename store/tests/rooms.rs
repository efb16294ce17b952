//! Chat rooms over the real schema.
#![expect(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test may stop at the first surprise"
)]

#[path = "support/sqlite.rs"]
mod sqlite;

use sqlite::{MemoryDatabase, now};
use store::rooms::{MAX_NAME_CHARS, clean_title, create, find, name_from, of_person, visit};
use store::{PersonId, StoreError, Writer};
use uuid::Uuid;

const NOON: u64 = 1_790_000_000_000;
const MINUTE: u64 = 60_000;

fn person(number: u128, name: &str, at: u64) -> Writer {
    Writer {
        person: PersonId(Uuid::from_u128(number)),
        name: name.to_owned(),
        colour: 3,
        credential: None,
        at,
    }
}

fn ada(at: u64) -> Writer {
    person(0xada, "Ada", at)
}

fn ben(at: u64) -> Writer {
    person(0xbe, "Ben", at)
}

#[test]
fn a_room_is_found_as_it_was_made() {
    let database = MemoryDatabase::new();
    now(create(&database, "tea", "Tea room", &ada(NOON))).unwrap();
    let found = now(find(&database, "tea")).unwrap().unwrap();
    assert_eq!(
        (found.name.as_str(), found.title.as_str(), found.owner),
        ("tea", "Tea room", Some(ada(NOON).person))
    );
    assert_eq!(now(find(&database, "coffee")).unwrap(), None);
}

#[test]
fn a_name_makes_one_room_and_the_second_maker_is_told() {
    let database = MemoryDatabase::new();
    now(create(&database, "tea", "Tea", &ada(NOON))).unwrap();
    let second = now(create(&database, "tea", "Other tea", &ben(NOON)));
    assert_eq!(second, Err(StoreError::Conflict));
    let found = now(find(&database, "tea")).unwrap().unwrap();
    assert_eq!(found.title, "Tea");
    assert_eq!(now(of_person(&database, ben(NOON).person, 10)).unwrap(), []);
}

#[test]
fn a_list_holds_the_rooms_somebody_was_in_last_visited_first() {
    let database = MemoryDatabase::new();
    now(create(&database, "tea", "Tea", &ada(NOON))).unwrap();
    now(create(&database, "cake", "Cake", &ben(NOON + MINUTE))).unwrap();
    now(create(&database, "jam", "Jam", &ben(NOON))).unwrap();
    now(visit(&database, "cake", &ada(NOON + 2 * MINUTE))).unwrap();
    now(visit(&database, "nowhere", &ada(NOON))).unwrap();
    let listed = |who: Writer| -> Vec<_> {
        now(of_person(&database, who.person, 10))
            .unwrap()
            .into_iter()
            .map(|card| (card.name, card.seen_at - NOON, card.owned))
            .collect()
    };
    assert_eq!(
        listed(ada(0)),
        [
            ("cake".to_owned(), 2 * MINUTE, false),
            ("tea".to_owned(), 0, true)
        ]
    );
    assert_eq!(listed(ben(0)).len(), 2);
    assert_eq!(
        now(of_person(&database, ada(0).person, 1)).unwrap().len(),
        1
    );
}

#[test]
fn a_reconnect_is_no_visit() {
    let database = MemoryDatabase::new();
    now(create(&database, "tea", "Tea", &ada(NOON))).unwrap();
    for (at, seen) in [(NOON + 1, 0), (NOON + MINUTE, MINUTE), (NOON, MINUTE)] {
        now(visit(&database, "tea", &ada(at))).unwrap();
        let cards = now(of_person(&database, ada(0).person, 10)).unwrap();
        let seen_at: Vec<_> = cards.iter().map(|card| card.seen_at - NOON).collect();
        assert_eq!(seen_at, [seen]);
    }
    assert_eq!(database.count("SELECT count(*) FROM room_people"), 1);
}

#[test]
fn a_title_becomes_a_name_that_an_address_has() {
    for (title, ending, name) in [
        ("Tea room", "", "tea-room"),
        ("  Käse & Brot!  ", "", "k-se-brot"),
        ("Tea", "2", "tea-2"),
        ("茶室", "", "room"),
        ("茶室", "a1", "room-a1"),
        ("Note to self", "", "room-note-to-self"),
        ("note", "7", "room-note-7"),
        ("Notebook", "", "notebook"),
    ] {
        assert_eq!(name_from(title, ending), name, "{title}");
    }
    let long = name_from(&"tea ".repeat(50), "12345678");
    assert!(long.len() <= MAX_NAME_CHARS, "{long}");
    assert!(long.ends_with("tea-12345678"), "{long}");
}

#[test]
fn a_title_is_made_presentable() {
    assert_eq!(
        clean_title(" Tea\n\troom \u{7}").as_deref(),
        Some("Tea room")
    );
    for nothing in ["", " ", "\n\u{0}"] {
        assert_eq!(clean_title(nothing), None);
    }
    assert_eq!(clean_title(&"é".repeat(500)).unwrap().chars().count(), 100);
}
