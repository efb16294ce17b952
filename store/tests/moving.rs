//! What becomes of what somebody had: it moves to the account they sign in to, and goes
//! with the account, or with the note it is about.
#![expect(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test may stop at the first surprise"
)]

#[path = "support/people.rs"]
mod people;
#[path = "support/sqlite.rs"]
mod sqlite;

use people::{HOUR, NOON, ada, ben, guest};
use sqlite::{MemoryDatabase, now};
use store::accounts::{Before, Identity, NewSession, Shown, Way, become_account, delete, sign_in};
use store::notifications::{By, NewNotification};
use store::sharing::links::{self, NewLink};
use store::sharing::members;
use store::{
    Asker, GeneralAccess, NewNote, NoteId, Role, StoreError, Writer, finding, hash_token, notes,
    notifications, rights,
};
use uuid::Uuid;

const NOTE: NoteId = NoteId(Uuid::from_u128(1));
const LINK: Uuid = Uuid::from_u128(7);

fn of_ada() -> Identity {
    Identity {
        issuer: "https://id.example".to_owned(),
        subject: "ada".to_owned(),
    }
}

fn session(token_hash: &str) -> NewSession {
    NewSession {
        token_hash: token_hash.to_owned(),
        label: "Firefox on Linux".to_owned(),
        at: NOON,
    }
}

/// A database in which Ada has an account, and somebody else a note for those invited.
fn with_account() -> MemoryDatabase {
    let database = MemoryDatabase::new();
    let way = Way::Identity(of_ada());
    now(become_account(&database, &ada(), &way, &session("first"))).unwrap();
    make(&database, NOTE, &guest(1, "Owner"));
    database
}

fn make(database: &MemoryDatabase, id: NoteId, owner: &Writer) {
    let note = NewNote {
        id,
        owner_token_hash: None,
        general: GeneralAccess::from_word("none").unwrap(),
        title: "Plans".to_owned(),
        excerpt: String::new(),
        at: NOON,
    };
    now(notes::create(database, &note, Some(owner))).unwrap();
}

/// Ben, a guest so far, signs in to the account of Ada.
fn sign_in_as_ada(database: &MemoryDatabase) -> Result<Vec<String>, StoreError> {
    let before = Before {
        token_hash: "guest Ben".to_owned(),
        guest: Some(ben().person),
    };
    let (shown, new) = (Shown::Identity(of_ada()), session("second"));
    now(sign_in(database, ada().person, &shown, &before, &new))
}

fn role_of_ada(database: &MemoryDatabase) -> Option<Role> {
    let asker = Asker {
        person: Some(ada().person),
        credential: Some("second"),
        bearer_hash: None,
    };
    let found = now(rights::of(database, NOTE, &asker, NOON)).unwrap();
    found.unwrap().right.map(|right| right.role)
}

fn come_through(database: &MemoryDatabase, who: &Writer) {
    let link = now(links::find(database, &hash_token("link"))).unwrap();
    assert!(now(links::redeem(database, &link.unwrap(), who)).unwrap());
}

fn link(max_uses: u64, invitation: bool) -> NewLink {
    NewLink {
        id: LINK,
        note: NOTE,
        token_hash: hash_token("link"),
        role: Role::Edit,
        label: "Ben".to_owned(),
        invitation,
        password: None,
        max_uses: Some(max_uses),
        expires_at: None,
        at: NOON,
    }
}

#[test]
fn signing_in_takes_along_what_a_link_gave_and_spends_no_use_of_it() {
    for (most, invitation) in [(1, true), (1, false), (2, false)] {
        let database = with_account();
        now(links::create(&database, &link(most, invitation))).unwrap();
        come_through(&database, &ben());
        assert_eq!(sign_in_as_ada(&database), Ok(Vec::new()));
        assert_eq!(role_of_ada(&database), Some(Role::Edit));
        assert_eq!(database.count("SELECT uses FROM share_links"), 1);
    }
}

#[test]
fn who_came_by_a_link_as_guest_and_as_account_is_one_afterwards() {
    let database = with_account();
    now(links::create(&database, &link(2, false))).unwrap();
    for who in [ada(), ben()] {
        come_through(&database, &who);
    }
    sign_in_as_ada(&database).unwrap();
    assert_eq!(role_of_ada(&database), Some(Role::Edit));
    assert_eq!(database.count("SELECT count(*) FROM link_people"), 1);
}

#[test]
fn a_guest_s_pins_are_the_account_s_and_go_with_it() {
    let database = with_account();
    let other = NoteId(Uuid::from_u128(2));
    make(&database, other, &ben());
    for (who, note) in [(ada(), NOTE), (ben(), NOTE), (ben(), other)] {
        now(finding::pin(&database, who.person, note, NOON)).unwrap();
    }
    sign_in_as_ada(&database).unwrap();
    let pins = "SELECT count(*) FROM pins";
    assert_eq!(database.count(pins), 2);
    now(delete(&database, ada().person, NOON)).unwrap();
    assert_eq!(database.count(pins), 0);
}

#[test]
fn the_member_of_a_guest_s_note_who_was_that_guest_is_its_owner_alone() {
    let database = MemoryDatabase::new();
    let way = Way::Identity(of_ada());
    now(become_account(&database, &ada(), &way, &session("first"))).unwrap();
    make(&database, NOTE, &ben());
    now(members::set(&database, NOTE, &ada(), Role::View)).unwrap();
    sign_in_as_ada(&database).unwrap();
    let listed: Vec<_> = now(members::of(&database, NOTE))
        .unwrap()
        .into_iter()
        .map(|member| (member.person, member.role))
        .collect();
    assert_eq!(listed, [(ada().person, Role::Owner)]);
}

#[test]
fn a_deleted_account_leaves_no_word_of_its_devices() {
    let database = with_account();
    now(delete(&database, ada().person, NOON)).unwrap();
    let labels = "SELECT count(*) FROM credentials WHERE label <> ''";
    assert_eq!(database.count(labels), 0);
}

#[test]
fn who_is_seen_again_at_once_by_the_same_name_costs_no_row() {
    let database = MemoryDatabase::new();
    let seen = |name: &str, after: u64| {
        let who = Writer {
            name: name.to_owned(),
            at: NOON + after,
            ..ben()
        };
        now(store::rooms::visit(&database, "tea", &who)).unwrap();
        let sql = format!("SELECT seen_at - {NOON} FROM people WHERE name = '{name}'");
        database.count(&sql)
    };
    assert_eq!(seen("Ben", 0), 0);
    assert_eq!(seen("Ben", 59_999), 0, "within a minute");
    assert_eq!(seen("Benjamin", 59_999), 59_999, "by another name");
    assert_eq!(seen("Benjamin", 119_999), 119_999);
}

#[test]
fn what_people_were_told_of_a_note_goes_with_it_for_good() {
    let database = with_account();
    let other = NoteId(Uuid::from_u128(0x10));
    let of = |note: NoteId| {
        let places = [
            "/note/{}",
            "/note/{}#a-heading",
            "/note/{}/share",
            "/note/{}#chat-5",
        ];
        places.map(|place| place.replace("{}", &note.to_string()))
    };
    let all: Vec<_> = of(NOTE).into_iter().chain(of(other)).collect();
    let new: Vec<_> = all.iter().map(|place| told(place)).collect();
    now(notifications::keep(&database, &new)).unwrap();
    now(notes::trash(&database, NOTE, NOON)).unwrap();
    assert!(now(notes::delete_for_good(&database, NOTE, NOON + HOUR)).unwrap());
    now(notes::erased(&database, NOTE)).unwrap();
    let inbox = now(notifications::inbox(&database, ada().person, None, None, 9)).unwrap();
    let left: Vec<_> = inbox
        .newest
        .into_iter()
        .map(|kept| kept.what.place)
        .collect();
    let mut expected = of(other).to_vec();
    expected.reverse();
    assert_eq!(left, expected);
}

fn told(place: &str) -> NewNotification {
    NewNotification {
        person: ada().person,
        kind: "mention".to_owned(),
        cause: place.to_owned(),
        by: By {
            person: ben().person,
            name: ben().name,
            colour: 1,
        },
        place: place.to_owned(),
        title: "Plans".to_owned(),
        quote: "Tea?".to_owned(),
        at: NOON,
    }
}
