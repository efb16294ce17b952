//! Rooms that are still to look at who is in them: noted with what took a right away,
//! until they were told.
#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test may stop at the first surprise"
)]

#[path = "support/people.rs"]
mod people;
#[path = "support/sqlite.rs"]
mod sqlite;

use people::{HOUR, NOON, ada, ben};
use sqlite::{MemoryDatabase, now};
use store::accounts::{Identity, NewSession, Way, Which, become_account, delete, end, joined, who};
use store::publishing::{Publication, Slug, publish, unpublish};
use store::rechecks::{due, told};
use store::sharing::{links, members, open_to, transfer};
use store::{GeneralAccess, NewNote, NoteId, Role, notes};
use uuid::Uuid;

const NOTE: NoteId = NoteId(Uuid::from_u128(1));
const DAY: u64 = 24 * HOUR;

/// A database in which Ada has an account and a note with Ben in it.
fn shared() -> MemoryDatabase {
    let database = MemoryDatabase::new();
    let way = Way::Identity(Identity {
        issuer: "https://id.example".to_owned(),
        subject: "ada".to_owned(),
    });
    let session = NewSession {
        token_hash: "session".to_owned(),
        label: String::new(),
        at: NOON,
    };
    now(become_account(&database, &ada(), &way, &session)).unwrap();
    let note = NewNote {
        id: NOTE,
        owner_token_hash: None,
        general: GeneralAccess::default(),
        title: String::new(),
        excerpt: String::new(),
        at: NOON,
    };
    now(notes::create(&database, &note, Some(&ada()))).unwrap();
    now(members::set(&database, NOTE, &ben(), Role::Edit)).unwrap();
    now(told(&database, &rooms(), NOON)).unwrap();
    assert_eq!(waiting(&database), 0);
    database
}

/// The keys of the note's rooms.
fn rooms() -> [String; 2] {
    [format!("/chat/note-{NOTE}"), format!("/note/{NOTE}")]
}

fn waiting(database: &MemoryDatabase) -> i64 {
    database.count("SELECT count(*) FROM rechecks")
}

fn due_at(database: &MemoryDatabase, at: u64) -> Vec<String> {
    let mut keys = now(due(database, at)).unwrap();
    keys.sort();
    keys
}

#[test]
fn whatever_takes_a_right_away_notes_the_rooms() {
    let page = Publication {
        slug: Slug::choose("tea-time").unwrap(),
        listed: false,
        author: false,
        contents: false,
    };
    let ways: [&dyn Fn(&MemoryDatabase); 9] = [
        &|database| {
            let none = GeneralAccess::from_word("none").unwrap();
            now(open_to(database, NOTE, none, NOON)).unwrap();
        },
        &|database| {
            now(members::set(database, NOTE, &ben(), Role::View)).unwrap();
        },
        &|database| {
            now(members::change(
                database,
                NOTE,
                ben().person,
                Role::View,
                NOON,
            ))
            .unwrap();
        },
        &|database| {
            now(members::remove(database, NOTE, ben().person, NOON)).unwrap();
        },
        &|database| {
            now(links::revoke(database, NOTE, Uuid::from_u128(7), NOON)).unwrap();
        },
        &|database| {
            let (from, to) = (ada().person, ben().person);
            now(transfer(database, NOTE, from, to, NOON)).unwrap();
        },
        &|database| {
            now(notes::trash(database, NOTE, NOON)).unwrap();
        },
        &|database| {
            now(publish(database, NOTE, &page, NOON)).unwrap();
            now(told(database, &rooms(), NOON)).unwrap();
            now(unpublish(database, NOTE, NOON)).unwrap();
        },
        &|database| {
            now(delete(database, ada().person, NOON)).unwrap();
        },
    ];
    for (number, take) in ways.iter().enumerate() {
        let database = shared();
        take(&database);
        assert_eq!(due_at(&database, NOON), rooms(), "way {number}");
    }
}

#[test]
fn a_room_is_told_of_what_had_ended_by_then() {
    let database = shared();
    now(notes::trash(&database, NOTE, NOON + 5)).unwrap();
    now(told(&database, &rooms(), NOON + 4)).unwrap();
    assert_eq!(waiting(&database), 2, "it ended since");
    // One that was asked for before and is made only now is told by whoever looks next.
    now(notes::trash(&database, NOTE, NOON)).unwrap();
    now(told(&database, &rooms(), NOON + 5)).unwrap();
    assert_eq!(waiting(&database), 2);
    now(told(&database, &rooms(), NOON + 6)).unwrap();
    assert_eq!(waiting(&database), 0);
}

#[test]
fn who_could_not_be_told_comes_behind_those_that_wait() {
    let database = shared();
    for number in 0..400_u64 {
        database.change(
            "INSERT INTO rechecks (key, at) VALUES (?1, ?2)",
            (format!("/chat/room-{number:03}"), NOON + number),
        );
    }
    let first = due_at(&database, NOON + DAY);
    assert_eq!(first.len(), 300);
    assert!(first.iter().all(|key| key.as_str() < "/chat/room-300"));
    let second = due_at(&database, NOON + 2 * DAY);
    assert!(second.contains(&"/chat/room-399".to_owned()));
    now(told(&database, &second, NOON + 2 * DAY)).unwrap();
    assert_eq!(waiting(&database), 100);
}

#[test]
fn rooms_of_a_session_that_ended_are_noted_until_they_were_told() {
    let database = shared();
    for (key, at) in [
        ("/chat/tea", NOON),
        ("/note/2", NOON + 2),
        ("/note/3", NOON + 1),
    ] {
        assert!(now(joined(&database, "session", key, at)).unwrap());
    }
    let one = Which::One("session");
    let keys = now(end(&database, ada().person, one, NOON + 5)).unwrap();
    assert_eq!(
        keys,
        ["/note/2", "/note/3", "/chat/tea"],
        "the last joined first"
    );
    assert_eq!(database.count("SELECT count(*) FROM session_keys"), 0);
    now(told(&database, &keys[..2], NOON + 5)).unwrap();
    assert_eq!(due_at(&database, NOON + 6), ["/chat/tea"]);
}

#[test]
fn where_a_session_was_long_ago_is_forgotten_when_it_is_seen() {
    let database = shared();
    for (key, at) in [("/note/2", NOON), ("/note/3", NOON + DAY)] {
        assert!(now(joined(&database, "session", key, at)).unwrap());
    }
    now(who(&database, "session", NOON + 90 * DAY + 1)).unwrap();
    let one = Which::One("session");
    let keys = now(end(&database, ada().person, one, NOON + 91 * DAY)).unwrap();
    assert_eq!(keys, ["/note/3"]);
}
