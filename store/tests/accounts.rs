//! Accounts over the real schema.
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
use store::accounts::{
    Before, Challenge, Identity, NewPasskey, NewSession, Purpose, Shown, Way, Which, Who, account,
    add_identity, add_passkey, answer, ask, become_account, delete, end, joined, of_identity,
    passkey, remove_identity, remove_passkey, rename, rename_passkey, sessions, sign_in, who,
};
use store::{GeneralAccess, IndexEntry, NewNote, NoteId, PersonId, StoreError, Writer, notes};
use uuid::Uuid;

fn session(name: &str) -> NewSession {
    NewSession {
        token_hash: format!("session {name}"),
        label: "Firefox on Linux".to_owned(),
        at: NOON,
    }
}

fn key(id: &str) -> NewPasskey {
    NewPasskey {
        id: id.to_owned(),
        public_key: "ES256.x.y".to_owned(),
        sign_count: 5,
        label: "Laptop".to_owned(),
    }
}

fn at_provider(subject: &str) -> Identity {
    Identity {
        issuer: "https://id.example".to_owned(),
        subject: subject.to_owned(),
    }
}

fn with_passkey(database: &MemoryDatabase, who: &Writer, id: &str) {
    let way = Way::Passkey(key(id));
    now(become_account(database, who, &way, &session(&who.name))).unwrap();
}

fn shown(database: &MemoryDatabase, id: &str, sign_count: u32) -> Shown {
    let record = now(passkey(database, id)).unwrap().unwrap();
    Shown::Passkey { record, sign_count }
}

fn note(database: &MemoryDatabase, number: u128, owner: &Writer) -> NoteId {
    let id = NoteId(Uuid::from_u128(number));
    let new = NewNote {
        id,
        owner_token_hash: None,
        general: GeneralAccess::default(),
        title: String::new(),
        excerpt: String::new(),
        at: NOON,
    };
    now(notes::create(database, &new, Some(owner))).unwrap();
    id
}

fn is(database: &MemoryDatabase, token_hash: &str) -> Option<PersonId> {
    match now(who(database, token_hash, NOON)).unwrap() {
        Who::Account(standing) => Some(standing.person),
        Who::Guest | Who::Nobody => None,
    }
}

#[test]
fn a_token_without_a_row_is_a_guest_s() {
    let database = MemoryDatabase::new();
    assert_eq!(now(who(&database, "any", NOON)).unwrap(), Who::Guest);
    note(&database, 1, &ada());
    assert_eq!(now(who(&database, "guest Ada", NOON)).unwrap(), Who::Guest);
}

#[test]
fn who_becomes_an_account_keeps_their_id_and_their_notes() {
    let database = MemoryDatabase::new();
    let id = note(&database, 1, &ada());
    with_passkey(&database, &ada(), "k");
    assert_eq!(is(&database, "session Ada"), Some(ada().person));
    assert_eq!(now(who(&database, "guest Ada", NOON)).unwrap(), Who::Nobody);
    let found = now(notes::find(&database, id)).unwrap().unwrap();
    assert_eq!(found.owner, Some(ada().person));
}

#[test]
fn the_first_account_is_the_admin_and_no_other() {
    let database = MemoryDatabase::new();
    with_passkey(&database, &ada(), "k");
    let way = Way::Identity(at_provider("ben"));
    now(become_account(&database, &ben(), &way, &session("Ben"))).unwrap();
    let admin = |who: Writer| now(account(&database, who.person)).unwrap().unwrap().admin;
    assert!(admin(ada()) && !admin(ben()));
}

#[test]
fn a_guest_becomes_an_account_once() {
    let database = MemoryDatabase::new();
    with_passkey(&database, &ada(), "k");
    let again = Way::Passkey(key("other"));
    assert!(now(become_account(&database, &ada(), &again, &session("2"))).is_err());
    assert_eq!(now(passkey(&database, "other")).unwrap(), None);
    assert_eq!(is(&database, "session 2"), None);
}

#[test]
fn nobody_takes_the_passkey_or_identity_of_another() {
    let database = MemoryDatabase::new();
    with_passkey(&database, &ada(), "k");
    let theirs = Way::Passkey(key("k"));
    assert!(now(become_account(&database, &ben(), &theirs, &session("Ben"))).is_err());
    assert_eq!(now(account(&database, ben().person)).unwrap(), None);
    assert_eq!(now(who(&database, "guest Ben", NOON)).unwrap(), Who::Guest);
    with_passkey(&database, &ben(), "b");
    let adding = now(add_passkey(&database, ben().person, &key("k"), NOON));
    assert_eq!(adding, Err(StoreError::Conflict));
    let mine = at_provider("ada");
    now(add_identity(&database, ada().person, &mine, NOON)).unwrap();
    let adding = now(add_identity(&database, ben().person, &mine, NOON));
    assert_eq!(adding, Err(StoreError::Conflict));
    assert_eq!(
        now(of_identity(&database, &mine)).unwrap(),
        Some(ada().person)
    );
}

#[test]
fn what_a_guest_owned_and_wrote_goes_to_the_account_they_sign_in_to() {
    let database = MemoryDatabase::new();
    with_passkey(&database, &ada(), "k");
    let id = note(&database, 1, &ben());
    let entry = |version, at| IndexEntry {
        tags: Vec::new(),
        links: Vec::new(),
        id,
        version,
        title: String::new(),
        excerpt: String::new(),
        text: String::new(),
        at,
        writers: vec![Writer { at, ..ben() }],
    };
    now(notes::index(&database, &entry(1, NOON))).unwrap();
    now(store::rooms::create(&database, "tea", "Tea", &ben())).unwrap();
    let before = Before {
        token_hash: "guest Ben".to_owned(),
        guest: Some(ben().person),
    };
    let key = shown(&database, "k", 6);
    now(sign_in(
        &database,
        ada().person,
        &key,
        &before,
        &session("2"),
    ))
    .unwrap();
    assert_eq!(is(&database, "session 2"), Some(ada().person));
    assert_eq!(now(who(&database, "guest Ben", NOON)).unwrap(), Who::Nobody);
    let found = now(notes::find(&database, id)).unwrap().unwrap();
    assert_eq!(found.owner, Some(ada().person));
    let room = now(store::rooms::find(&database, "tea")).unwrap().unwrap();
    assert_eq!(room.owner, Some(ada().person));
    // What a room writes late is the account's, too.
    now(notes::index(&database, &entry(2, NOON + HOUR))).unwrap();
    let writers = "SELECT count(*) FROM note_people";
    assert_eq!(database.count(writers), 1);
    assert_eq!(
        database.count("SELECT max(edited_at) FROM note_people"),
        i64::try_from(NOON + HOUR).unwrap()
    );
    let listed = now(notes::of_person(&database, ada().person, 9)).unwrap();
    assert_eq!(listed.len(), 1);
    assert!(listed.first().unwrap().owned);
}

#[test]
fn of_two_rights_the_stronger_stays() {
    let database = MemoryDatabase::new();
    with_passkey(&database, &ada(), "k");
    let id = note(&database, 1, &guest(1, "Owner"));
    let other = note(&database, 2, &guest(1, "Owner"));
    note(&database, 3, &ben());
    for (note, who, role) in [
        (id, ada(), "view"),
        (id, ben(), "edit"),
        (other, ada(), "suggest"),
        (other, ben(), "comment"),
    ] {
        let sql = "INSERT INTO note_members VALUES (?1, ?2, ?3, 1)";
        let values = [note.into(), who.person.into(), role.into()];
        now(store::Database::query(
            &database,
            store::Statement::new(sql, values),
        ))
        .unwrap();
    }
    let before = Before {
        token_hash: "guest Ben".to_owned(),
        guest: Some(ben().person),
    };
    let key = shown(&database, "k", 6);
    now(sign_in(
        &database,
        ada().person,
        &key,
        &before,
        &session("2"),
    ))
    .unwrap();
    let roles = "SELECT count(*) FROM note_members WHERE role IN ('edit', 'suggest')";
    assert_eq!(database.count(roles), 2);
    assert_eq!(database.count("SELECT count(*) FROM note_members"), 2);
}

#[test]
fn a_way_in_that_is_gone_or_has_signed_meanwhile_lets_nobody_in() {
    let database = MemoryDatabase::new();
    with_passkey(&database, &ada(), "k");
    let id = note(&database, 1, &ben());
    let before = Before {
        token_hash: "guest Ben".to_owned(),
        guest: Some(ben().person),
    };
    let early = shown(&database, "k", 6);
    now(sign_in(
        &database,
        ada().person,
        &early,
        &before,
        &session("2"),
    ))
    .unwrap();
    let fourth = note(&database, 4, &guest(4, "Cy"));
    let before = Before {
        token_hash: "guest Cy".to_owned(),
        guest: Some(guest(4, "Cy").person),
    };
    let late = now(sign_in(
        &database,
        ada().person,
        &early,
        &before,
        &session("3"),
    ));
    assert!(late.is_err());
    let no_identity = Shown::Identity(at_provider("ada"));
    let unknown = now(sign_in(
        &database,
        ada().person,
        &no_identity,
        &before,
        &session("3"),
    ));
    assert!(unknown.is_err());
    assert_eq!(now(who(&database, "guest Cy", NOON)).unwrap(), Who::Guest);
    let owner = |id| now(notes::find(&database, id)).unwrap().unwrap().owner;
    assert_eq!(owner(id), Some(ada().person));
    assert_eq!(owner(fourth), Some(guest(4, "Cy").person));
}

#[test]
fn a_session_that_ended_is_nobody_and_its_rooms_are_named() {
    let database = MemoryDatabase::new();
    with_passkey(&database, &ada(), "k");
    assert!(now(joined(&database, "session Ada", "/note/1", NOON)).unwrap());
    assert!(now(joined(&database, "session Ada", "/note/1", NOON)).unwrap());
    assert!(now(joined(&database, "session Ada", "/chat/tea", NOON)).unwrap());
    let one = Which::One("session Ada");
    assert_eq!(
        now(end(&database, ben().person, one, NOON)).unwrap(),
        [""; 0]
    );
    let mut keys = now(end(&database, ada().person, one, NOON)).unwrap();
    keys.sort();
    assert_eq!(keys, ["/chat/tea", "/note/1"]);
    assert_eq!(
        now(who(&database, "session Ada", NOON)).unwrap(),
        Who::Nobody
    );
    assert!(!now(joined(&database, "session Ada", "/note/1", NOON)).unwrap());
    // What a room writes late does not bring it back.
    let late = Writer {
        credential: Some("session Ada".to_owned()),
        ..ada()
    };
    note(&database, 1, &late);
    assert_eq!(
        now(who(&database, "session Ada", NOON)).unwrap(),
        Who::Nobody
    );
    assert!(!now(joined(&database, "guest Ben", "/note/1", NOON)).unwrap());
}

#[test]
fn all_other_sessions_end_at_once() {
    let database = MemoryDatabase::new();
    with_passkey(&database, &ada(), "k");
    for (name, count) in [("2", 6), ("3", 7)] {
        let before = Before {
            token_hash: format!("fresh {name}"),
            guest: Some(PersonId(Uuid::from_u128(9))),
        };
        let key = shown(&database, "k", count);
        now(sign_in(
            &database,
            ada().person,
            &key,
            &before,
            &session(name),
        ))
        .unwrap();
    }
    let hashes = || -> Vec<String> {
        let list = now(sessions(&database, ada().person)).unwrap();
        list.into_iter().map(|card| card.token_hash).collect()
    };
    assert_eq!(hashes().len(), 3);
    now(joined(&database, "session 3", "/note/1", NOON)).unwrap();
    let but = Which::AllBut("session 2");
    let keys = now(end(&database, ada().person, but, NOON)).unwrap();
    assert_eq!(
        (keys, hashes()),
        (vec!["/note/1".to_owned()], vec!["session 2".to_owned()])
    );
}

#[test]
fn a_session_is_seen_to_the_hour() {
    let database = MemoryDatabase::new();
    with_passkey(&database, &ada(), "k");
    for (at, seen) in [(NOON + 1, NOON), (NOON + HOUR, NOON + HOUR)] {
        now(who(&database, "session Ada", at)).unwrap();
        let list = now(sessions(&database, ada().person)).unwrap();
        assert_eq!(list.first().unwrap().seen_at, seen);
    }
}

#[test]
fn the_last_way_in_stays() {
    let database = MemoryDatabase::new();
    with_passkey(&database, &ada(), "k");
    let ada = ada().person;
    assert!(!now(remove_passkey(&database, ada, "k")).unwrap());
    now(add_identity(&database, ada, &at_provider("ada"), NOON)).unwrap();
    assert!(!now(remove_passkey(&database, ben().person, "k")).unwrap());
    assert!(now(remove_passkey(&database, ada, "k")).unwrap());
    assert!(!now(remove_identity(&database, ada, &at_provider("ada"))).unwrap());
    now(add_passkey(&database, ada, &key("n"), NOON)).unwrap();
    assert!(now(remove_identity(&database, ada, &at_provider("ada"))).unwrap());
}

#[test]
fn settings_show_what_was_kept() {
    let database = MemoryDatabase::new();
    with_passkey(&database, &ada(), "k");
    now(rename_passkey(&database, ben().person, "k", "Mine")).unwrap();
    now(rename(&database, ada().person, "Ada L.", 5, NOON)).unwrap();
    // A room that knows the old name writes late.
    let late = Writer {
        at: NOON + HOUR,
        ..ada()
    };
    note(&database, 1, &late);
    let read = now(account(&database, ada().person)).unwrap().unwrap();
    assert_eq!(
        (read.standing.name.as_str(), read.standing.colour),
        ("Ada L.", 5)
    );
    let labels: Vec<_> = read.passkeys.iter().map(|key| key.label.as_str()).collect();
    assert_eq!(labels, ["Laptop"]);
    assert_eq!((read.identities.len(), read.sessions.len()), (0, 1));
    assert_eq!(now(account(&database, ben().person)).unwrap(), None);
    now(rename(&database, ben().person, "Ben", 5, NOON)).unwrap();
}

#[test]
fn a_deleted_account_leaves_notes_in_the_trash_and_no_name() {
    let database = MemoryDatabase::new();
    let id = note(&database, 1, &ada());
    with_passkey(&database, &ada(), "k");
    now(joined(&database, "session Ada", "/note/1", NOON)).unwrap();
    let gone = now(delete(&database, ada().person, NOON)).unwrap();
    assert_eq!(
        (gone.notes, gone.keys),
        (vec![id], vec!["/note/1".to_owned()])
    );
    for token in ["session Ada", "guest Ada"] {
        assert_eq!(now(who(&database, token, NOON)).unwrap(), Who::Nobody);
    }
    assert_eq!(now(passkey(&database, "k")).unwrap(), None);
    assert_eq!(now(account(&database, ada().person)).unwrap(), None);
    let nameless = "SELECT count(*) FROM people WHERE name = 'Deleted account'";
    assert_eq!(database.count(nameless), 1);
}

#[test]
fn a_question_is_answered_once_in_time_and_by_whom_it_was_put_to() {
    let database = MemoryDatabase::new();
    let asked = |hash| Challenge {
        hash,
        purpose: Purpose::Register,
        token_hash: "mine",
    };
    now(ask(&database, &asked("a"), "data", NOON)).unwrap();
    for other in [
        Challenge {
            token_hash: "theirs",
            ..asked("a")
        },
        Challenge {
            purpose: Purpose::SignIn,
            ..asked("a")
        },
        asked("b"),
    ] {
        assert_eq!(now(answer(&database, &other, NOON)).unwrap(), None);
    }
    let answered = || now(answer(&database, &asked("a"), NOON)).unwrap();
    assert_eq!(answered().as_deref(), Some("data"));
    assert_eq!(answered(), None);
    now(ask(&database, &asked("late"), "", NOON)).unwrap();
    let after = NOON + 300_000;
    assert_eq!(now(answer(&database, &asked("late"), after)).unwrap(), None);
    now(ask(&database, &asked("a"), "", NOON)).unwrap();
    now(ask(&database, &asked("b"), "", after)).unwrap();
    assert_eq!(database.count("SELECT count(*) FROM challenges"), 1);
}

#[test]
fn an_instance_keeps_an_owner_as_long_as_it_has_accounts() {
    let database = MemoryDatabase::new();
    with_passkey(&database, &ada(), "k");
    let way = Way::Identity(at_provider("ben"));
    now(become_account(&database, &ben(), &way, &session("Ben"))).unwrap();
    now(delete(&database, ada().person, NOON)).unwrap();
    assert!(
        now(account(&database, ben().person))
            .unwrap()
            .unwrap()
            .admin
    );
    now(delete(&database, ben().person, NOON)).unwrap();
    assert_eq!(database.count("SELECT count(*) FROM accounts"), 0);
}
