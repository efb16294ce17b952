//! Notes over the real schema.
#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test may stop at the first surprise"
)]

#[path = "support/sqlite.rs"]
mod sqlite;

use sqlite::{MemoryDatabase, migrations, now};
use store::notes::{count_owned, create, find, here, index, of_person, owned, ping, trash, unmake};
use store::{GeneralAccess, IndexEntry, NewNote, NoteId, PersonId, StoreError, Writer, hash_token};
use uuid::Uuid;

/// A time past 2^31, where a column of 32 bits would fail.
const NOON: u64 = 1_790_000_000_000;

fn id(number: u128) -> NoteId {
    NoteId(Uuid::from_u128(number))
}

fn ada(at: u64) -> Writer {
    Writer {
        person: PersonId(Uuid::from_u128(0xada)),
        name: "Ada".to_owned(),
        colour: 3,
        credential: Some(hash_token("ada")),
        at,
    }
}

fn ben(at: u64) -> Writer {
    Writer {
        person: PersonId(Uuid::from_u128(0xbe)),
        name: "Ben".to_owned(),
        colour: 1,
        credential: None,
        at,
    }
}

fn open_note(number: u128) -> NewNote {
    NewNote {
        id: id(number),
        owner_token_hash: None,
        general: GeneralAccess::default(),
        title: "Plans".to_owned(),
        excerpt: String::new(),
        at: NOON,
    }
}

fn entry(number: u128, version: u64, text: &str, writers: Vec<Writer>) -> IndexEntry {
    IndexEntry {
        id: id(number),
        version,
        title: format!("Title {version}"),
        excerpt: text.chars().take(8).collect(),
        text: text.to_owned(),
        at: NOON + version,
        tags: Vec::new(),
        links: Vec::new(),
        writers,
    }
}

#[test]
fn a_note_is_found_as_it_was_made() {
    let database = MemoryDatabase::new();
    let new = NewNote {
        owner_token_hash: Some(hash_token("token")),
        general: GeneralAccess::from_word("view").unwrap(),
        ..open_note(1)
    };
    now(create(&database, &new, Some(&ada(NOON)))).unwrap();
    let found = now(find(&database, id(1))).unwrap().unwrap();
    assert_eq!(found.owner, Some(ada(NOON).person));
    assert_eq!(found.owner_token_hash, Some(hash_token("token")));
    assert_eq!(found.general, GeneralAccess::from_word("view").unwrap());
    assert_eq!((found.created_at, found.trashed_at), (NOON, None));
    assert_eq!(found.title, "Plans", "before its room ever spoke of it");
    assert_eq!(now(find(&database, id(2))).unwrap(), None);
}

#[test]
fn an_id_makes_one_note_and_the_second_maker_is_told() {
    let database = MemoryDatabase::new();
    now(create(&database, &open_note(1), Some(&ada(NOON)))).unwrap();
    let second = now(create(&database, &open_note(1), Some(&ben(NOON))));
    assert_eq!(second, Err(StoreError::Conflict));
    let owner = now(find(&database, id(1))).unwrap().unwrap().owner;
    assert_eq!(owner, Some(ada(NOON).person));
}

#[test]
fn an_older_entry_never_overwrites_a_newer_one() {
    let database = MemoryDatabase::new();
    now(create(&database, &open_note(1), Some(&ada(NOON)))).unwrap();
    now(index(&database, &entry(1, 5, "newer text", vec![]))).unwrap();
    now(index(&database, &entry(1, 4, "older text", vec![]))).unwrap();
    let cards = now(of_person(&database, ada(NOON).person, 10)).unwrap();
    assert_eq!(cards[0].title, "Title 5");
    assert_eq!(
        (cards[0].excerpt.as_str(), cards[0].updated_at),
        ("newer te", NOON + 5)
    );
    assert_eq!(database.count("SELECT size FROM notes"), 10);
    assert_eq!(
        database.count("SELECT count(*) FROM notes WHERE body = 'newer text'"),
        1
    );
}

#[test]
fn an_entry_for_a_note_that_is_gone_makes_none() {
    let database = MemoryDatabase::new();
    now(index(&database, &entry(1, 5, "text", vec![ada(NOON)]))).unwrap();
    assert_eq!(now(find(&database, id(1))).unwrap(), None);
    assert_eq!(database.count("SELECT count(*) FROM note_people"), 0);
}

#[test]
fn writers_leave_one_row_each_with_their_latest_name() {
    let database = MemoryDatabase::new();
    now(create(&database, &open_note(1), None)).unwrap();
    assert_eq!(database.count("SELECT count(*) FROM people"), 0);
    let renamed = Writer {
        name: "Ada L.".to_owned(),
        ..ada(NOON + 9)
    };
    now(index(
        &database,
        &entry(1, 1, "a", vec![renamed.clone(), ben(NOON)]),
    ))
    .unwrap();
    now(index(&database, &entry(1, 2, "b", vec![ada(NOON)]))).unwrap();
    assert_eq!(database.count("SELECT count(*) FROM people"), 2);
    assert_eq!(
        database.count("SELECT count(*) FROM people WHERE name = 'Ada L.'"),
        1
    );
    assert_eq!(database.count("SELECT count(*) FROM credentials"), 1);
    let last = format!(
        "SELECT count(*) FROM note_people WHERE edited_at = {}",
        NOON + 9
    );
    assert_eq!(database.count(&last), 1);
}

#[test]
fn a_list_holds_what_is_owned_or_written_newest_first() {
    let database = MemoryDatabase::new();
    now(create(&database, &open_note(1), Some(&ada(NOON)))).unwrap();
    now(create(&database, &open_note(2), Some(&ben(NOON)))).unwrap();
    now(create(&database, &open_note(3), Some(&ben(NOON)))).unwrap();
    let closed = NewNote {
        general: GeneralAccess::from_word("none").unwrap(),
        ..open_note(4)
    };
    now(create(&database, &closed, Some(&ben(NOON)))).unwrap();
    now(index(&database, &entry(2, 7, "shared", vec![ada(NOON)]))).unwrap();
    now(index(
        &database,
        &entry(4, 9, "was shared", vec![ada(NOON)]),
    ))
    .unwrap();
    let cards = now(of_person(&database, ada(NOON).person, 10)).unwrap();
    let listed: Vec<_> = cards.iter().map(|card| (card.id, card.owned)).collect();
    assert_eq!(listed, [(id(2), false), (id(1), true)]);
    let first = now(of_person(&database, ada(NOON).person, 1)).unwrap();
    assert_eq!(first.len(), 1);
    now(trash(&database, id(2), NOON)).unwrap();
    assert_eq!(
        now(of_person(&database, ada(NOON).person, 10))
            .unwrap()
            .len(),
        1
    );
}

#[test]
fn the_trash_remembers_the_first_deletion() {
    let database = MemoryDatabase::new();
    now(create(&database, &open_note(1), None)).unwrap();
    now(trash(&database, id(1), NOON + 1)).unwrap();
    now(trash(&database, id(1), NOON + 2)).unwrap();
    assert_eq!(
        now(find(&database, id(1))).unwrap().unwrap().trashed_at,
        Some(NOON + 1)
    );
}

#[test]
fn a_note_is_unmade_only_before_it_has_a_version() {
    let database = MemoryDatabase::new();
    for number in [1, 2] {
        now(create(&database, &open_note(number), None)).unwrap();
    }
    now(index(&database, &entry(2, 1, "text", vec![]))).unwrap();
    for number in [1, 2] {
        now(unmake(&database, id(number))).unwrap();
    }
    assert_eq!(now(find(&database, id(1))).unwrap(), None);
    assert!(now(find(&database, id(2))).unwrap().is_some());
}

#[test]
fn what_a_person_owns_comes_in_one_order_in_parts() {
    let database = MemoryDatabase::new();
    for number in 1..=3 {
        let note = NewNote {
            at: 10 - u64::try_from(number).unwrap(),
            ..open_note(number)
        };
        now(create(&database, &note, Some(&ada(NOON)))).unwrap();
    }
    now(create(&database, &open_note(4), None)).unwrap();
    now(trash(&database, id(2), 20)).unwrap();
    let me = ada(NOON).person;
    assert_eq!(now(count_owned(&database, me)), Ok(3));
    let part = |skip| now(owned(&database, me, skip, 2)).unwrap();
    let ids =
        |notes: Vec<store::notes::Owned>| notes.iter().map(|note| note.id).collect::<Vec<_>>();
    assert_eq!(part(0)[1].trashed_at, Some(20));
    assert_eq!(
        [ids(part(0)), ids(part(2))],
        [vec![id(3), id(2)], vec![id(1)]]
    );
}

#[test]
fn who_is_here_is_said_of_notes_that_are_there() {
    let database = MemoryDatabase::new();
    now(create(&database, &open_note(1), None)).unwrap();
    for (number, people) in [(1, 2), (1, 3), (9, 1)] {
        now(here(&database, id(number), people, NOON)).unwrap();
    }
    assert_eq!(database.count("SELECT sum(people) FROM note_here"), 3);
    now(here(&database, id(1), 0, NOON)).unwrap();
    assert_eq!(database.count("SELECT count(*) FROM note_here"), 0);
}

#[test]
fn a_batch_is_all_or_nothing() {
    use store::{Database, Statement};
    let database = MemoryDatabase::new();
    let insert = "INSERT INTO notes (id, created_at, updated_at) VALUES ('a', 1, 1)";
    let twice = vec![Statement::new(insert, []), Statement::new(insert, [])];
    assert!(matches!(
        now(database.batch(twice)),
        Err(StoreError::Unavailable(_))
    ));
    assert_eq!(database.count("SELECT count(*) FROM notes"), 0);
}

#[test]
fn the_database_answers_a_ping() {
    assert_eq!(now(ping(&MemoryDatabase::new())), Ok(()));
}

#[test]
fn migrations_are_numbered_without_a_gap() {
    for (index, (name, _sql)) in migrations().iter().enumerate() {
        assert!(name.starts_with(&format!("{:04}_", index + 1)), "{name}");
    }
}
