//! Published pages over the real schema: addresses, who has which, and what is
//! found under one.
#![expect(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test may stop at the first surprise"
)]
#[path = "support/sqlite.rs"]
mod sqlite;

use sqlite::{MemoryDatabase, now};
use store::publishing::{
    MAX_SLUG_CHARS, Publication, Slug, SlugError, find, of, publish, unpublish,
};
use store::{GeneralAccess, NewNote, NoteId, PersonId, StoreError, Writer, notes};
use uuid::Uuid;

const NOTE: NoteId = NoteId(Uuid::from_u128(1));
const OTHER: NoteId = NoteId(Uuid::from_u128(2));
const NOW: u64 = 1_000;

/// Two notes of Ada's that nobody else may open.
fn two() -> MemoryDatabase {
    let database = MemoryDatabase::new();
    let ada = Writer {
        person: PersonId(Uuid::from_u128(0xada)),
        name: "Ada".to_owned(),
        colour: 1,
        credential: None,
        at: NOW,
    };
    for id in [NOTE, OTHER] {
        let note = NewNote {
            id,
            owner_token_hash: None,
            general: GeneralAccess::from_word("none").unwrap(),
            title: "Plans".to_owned(),
            excerpt: String::new(),
            at: NOW,
        };
        now(notes::create(&database, &note, Some(&ada))).unwrap();
    }
    database
}

fn slug(text: &str) -> Slug {
    Slug::choose(text).unwrap()
}

fn under(text: &str) -> Publication {
    Publication {
        slug: slug(text),
        listed: false,
        author: false,
        contents: true,
    }
}

fn found(database: &MemoryDatabase, text: &str) -> Option<NoteId> {
    let page = now(find(database, &slug(text))).unwrap();
    page.map(|page| page.note)
}

#[test]
fn an_address_is_of_few_letters_and_not_everybodys() {
    let longest = "a".repeat(MAX_SLUG_CHARS);
    for good in ["a", "my-page", "2026", "-", &longest] {
        assert_eq!(Slug::choose(good).unwrap().as_str(), good);
    }
    for (bad, why) in [
        ("", SlugError::Length),
        (&*format!("{longest}a"), SlugError::Length),
        ("My-page", SlugError::Characters),
        ("my page", SlugError::Characters),
        ("my/page", SlugError::Characters),
        ("my_page", SlugError::Characters),
        ("página", SlugError::Characters),
        ("a\n", SlugError::Characters),
        ("new", SlugError::Reserved),
        ("slides", SlugError::Reserved),
        ("6f2c1a52-3c1e-4d38-9d0a-0d4e8f1b2c3d", SlugError::Id),
        ("6f2c1a523c1e4d389d0a0d4e8f1b2c3d", SlugError::Id),
    ] {
        assert_eq!(Slug::choose(bad), Err(why), "{bad:?}");
    }
    // What may not be chosen is looked up all the same: it may have been, once.
    assert!(Slug::find("new").is_ok() && Slug::find("New").is_err());
}

#[test]
fn a_title_suggests_an_address() {
    for (title, address) in [
        ("Plans for 2026!", "plans-for-2026"),
        ("  Été à la mer ", "t-la-mer"),
        ("New", ""),
        ("日本", ""),
        ("6f2c1a52-3c1e-4d38-9d0a-0d4e8f1b2c3d", ""),
    ] {
        assert_eq!(Slug::suggestion(title), address, "{title}");
    }
    let long = Slug::suggestion(&"word ".repeat(40));
    assert!(
        long.len() <= MAX_SLUG_CHARS && !long.ends_with('-'),
        "{long}"
    );
}

#[test]
fn a_page_is_found_until_it_is_taken_down() {
    let database = two();
    assert_eq!(found(&database, "plans"), None);
    now(publish(&database, NOTE, &under("plans"), NOW)).unwrap();
    assert_eq!(found(&database, "plans"), Some(NOTE));
    assert_eq!(now(of(&database, NOTE)).unwrap(), Some(under("plans")));
    assert_eq!(now(of(&database, OTHER)).unwrap(), None);
    now(unpublish(&database, NOTE, NOW)).unwrap();
    assert_eq!(found(&database, "plans"), None);
    assert_eq!(now(of(&database, NOTE)).unwrap(), None);
}

#[test]
fn an_address_belongs_to_one_note_and_a_change_frees_the_old_one() {
    let database = two();
    now(publish(&database, NOTE, &under("plans"), NOW)).unwrap();
    let taken = now(publish(&database, OTHER, &under("plans"), NOW));
    assert_eq!(taken, Err(StoreError::Conflict));
    assert_eq!(now(of(&database, OTHER)).unwrap(), None);
    now(publish(&database, NOTE, &under("other-plans"), NOW + 1)).unwrap();
    assert_eq!(found(&database, "plans"), None);
    assert_eq!(found(&database, "other-plans"), Some(NOTE));
    now(publish(&database, OTHER, &under("plans"), NOW + 2)).unwrap();
    assert_eq!(found(&database, "plans"), Some(OTHER));
    // A change that would take another's address leaves everything as it was.
    let taken = now(publish(&database, NOTE, &under("plans"), NOW + 3));
    assert_eq!(taken, Err(StoreError::Conflict));
    assert_eq!(found(&database, "other-plans"), Some(NOTE));
}

#[test]
fn the_trash_hides_a_page_and_keeps_its_address() {
    let database = two();
    now(publish(&database, NOTE, &under("plans"), NOW)).unwrap();
    now(notes::trash(&database, NOTE, NOW)).unwrap();
    assert_eq!(found(&database, "plans"), None);
    let taken = now(publish(&database, OTHER, &under("plans"), NOW));
    assert_eq!(taken, Err(StoreError::Conflict));
    // Nor is a note published that is in the trash.
    let trashed = now(publish(&database, NOTE, &under("again"), NOW));
    assert_eq!(trashed, Err(StoreError::Conflict));
    now(notes::restore(&database, NOTE)).unwrap();
    assert_eq!(found(&database, "plans"), Some(NOTE));
    now(notes::trash(&database, NOTE, NOW)).unwrap();
    now(notes::delete_for_good(&database, NOTE, NOW)).unwrap();
    now(publish(&database, OTHER, &under("plans"), NOW)).unwrap();
    assert_eq!(found(&database, "plans"), Some(OTHER));
}

#[test]
fn a_page_says_whose_it_is_only_where_it_may() {
    let database = two();
    let author = |publication: Publication| {
        now(publish(&database, NOTE, &publication, NOW)).unwrap();
        now(find(&database, &publication.slug)).unwrap().unwrap()
    };
    assert_eq!(author(under("plans")).author, None);
    let signed = Publication {
        author: true,
        listed: true,
        ..under("plans")
    };
    let page = author(signed.clone());
    assert_eq!(page.author.as_deref(), Some("Ada"));
    assert_eq!(page.publication, signed);
}

#[test]
fn a_page_is_looked_up_by_its_address_alone() {
    let database = two();
    now(publish(&database, NOTE, &under("plans"), NOW)).unwrap();
    assert_eq!(found(&database, "plans"), Some(NOTE));
    let plans = database.plans();
    for table in ["published", "notes", "people"] {
        let whole = format!("SCAN {table}");
        let is_read = plans.iter().any(|step| step.starts_with(&whole));
        assert!(!is_read, "{plans:?}");
    }
}
