//! Tokens of programs over the real schema: access tokens, which are sessions of an
//! account, and owner tokens, by which a note is claimed.
#![expect(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test may stop at the first surprise"
)]

#[path = "support/people.rs"]
mod people;
#[path = "support/sqlite.rs"]
mod sqlite;

use people::{HOUR, NOON, ada, ben};
use sqlite::{MemoryDatabase, now};
use store::accounts::{
    Identity, MAX_ACCESS_TOKENS, NewSession, Way, Which, Who, account, add_token, become_account,
    delete, end, joined, who,
};
use store::sharing::{claim, links, members};
use store::{
    Asker, Audience, GeneralAccess, NewNote, NoteId, PersonId, Role, StoreError, Writer,
    hash_token, notes, rights,
};
use uuid::Uuid;

const NOTE: NoteId = NoteId(Uuid::from_u128(1));

fn session(token_hash: &str, label: &str) -> NewSession {
    NewSession {
        token_hash: token_hash.to_owned(),
        label: label.to_owned(),
        at: NOON,
    }
}

/// A database in which Ada and Ben have accounts.
fn with_accounts() -> MemoryDatabase {
    let database = MemoryDatabase::new();
    for who in [ada(), ben()] {
        let way = Way::Identity(Identity {
            issuer: "https://id.example".to_owned(),
            subject: who.name.clone(),
        });
        let session = session(&format!("session {}", who.name), "Firefox on Linux");
        now(become_account(&database, &who, &way, &session)).unwrap();
    }
    database
}

fn add(database: &MemoryDatabase, who: &Writer, hash: &str) -> Result<(), StoreError> {
    now(add_token(database, who.person, &session(hash, "Backup")))
}

fn is(database: &MemoryDatabase, token_hash: &str) -> Option<PersonId> {
    match now(who(database, token_hash, NOON)).unwrap() {
        Who::Account(standing) => Some(standing.person),
        Who::Guest | Who::Nobody => None,
    }
}

fn tokens(database: &MemoryDatabase, who: &Writer) -> Vec<(String, u64)> {
    let account = now(account(database, who.person)).unwrap().unwrap();
    assert_eq!(account.sessions.len(), 1, "a token is not in their list");
    let tokens = account.tokens.into_iter();
    tokens.map(|card| (card.label, card.seen_at)).collect()
}

fn role(database: &MemoryDatabase, person: PersonId, credential: &str) -> Option<Role> {
    let asker = Asker {
        person: Some(person),
        credential: Some(credential),
        bearer_hash: None,
    };
    let found = now(rights::of(database, NOTE, &asker, NOON)).unwrap();
    found.unwrap().right.map(|right| right.role)
}

/// A note that a program made, with an owner token and for those who were invited.
fn unowned(database: &MemoryDatabase, general: GeneralAccess) {
    let note = NewNote {
        id: NOTE,
        owner_token_hash: Some(hash_token("owner token")),
        general,
        title: String::new(),
        excerpt: String::new(),
        at: NOON,
    };
    now(notes::create(database, &note, None)).unwrap();
}

fn invited() -> GeneralAccess {
    GeneralAccess::from_word("none").unwrap()
}

#[test]
fn an_access_token_is_the_person_of_its_account() {
    let database = with_accounts();
    add(&database, &ada(), "token").unwrap();
    assert_eq!(is(&database, "token"), Some(ada().person));
    let for_accounts = GeneralAccess {
        audience: Audience::SignedIn,
        role: Role::Edit,
    };
    unowned(&database, for_accounts);
    assert_eq!(role(&database, ada().person, "token"), Some(Role::Edit));
    // Somebody else's token makes nobody signed in.
    assert_eq!(role(&database, ben().person, "token"), None);
}

#[test]
fn an_access_token_is_listed_with_its_last_use_to_the_hour() {
    let database = with_accounts();
    add(&database, &ada(), "token").unwrap();
    assert_eq!(tokens(&database, &ada()), [("Backup".to_owned(), 0)]);
    for (at, seen) in [
        (NOON + 1, NOON + 1),
        (NOON + HOUR, NOON + 1),
        (NOON + HOUR + 1, NOON + HOUR + 1),
    ] {
        now(who(&database, "token", at)).unwrap();
        assert_eq!(tokens(&database, &ada()), [("Backup".to_owned(), seen)]);
    }
    assert_eq!(tokens(&database, &ben()), []);
}

#[test]
fn a_revoked_access_token_is_nobody_and_its_rooms_are_named() {
    let database = with_accounts();
    add(&database, &ada(), "token").unwrap();
    unowned(&database, invited());
    now(members::set(&database, NOTE, &ada(), Role::Edit)).unwrap();
    assert_eq!(role(&database, ada().person, "token"), Some(Role::Edit));
    assert!(now(joined(&database, "token", "/note/1", NOON)).unwrap());
    let revoke = |who: Writer| now(end(&database, who.person, Which::One("token"), NOON)).unwrap();
    assert_eq!(revoke(ben()), [""; 0], "only by whose it is");
    assert_eq!(is(&database, "token"), Some(ada().person));
    assert_eq!(revoke(ada()), ["/note/1"]);
    assert_eq!(now(who(&database, "token", NOON)).unwrap(), Who::Nobody);
    assert_eq!(role(&database, ada().person, "token"), None);
    let asker = Asker {
        person: Some(ada().person),
        credential: Some("token"),
        bearer_hash: None,
    };
    assert_eq!(now(rights::standing(&database, &[asker])), Ok(vec![false]));
    assert!(!now(joined(&database, "token", "/note/1", NOON)).unwrap());
    assert_eq!(tokens(&database, &ada()), []);
}

#[test]
fn programs_stay_when_other_browsers_are_signed_out_and_go_with_the_account() {
    let database = with_accounts();
    add(&database, &ada(), "token").unwrap();
    let but = Which::AllBut("session Ada");
    now(end(&database, ada().person, but, NOON)).unwrap();
    assert_eq!(is(&database, "token"), Some(ada().person));
    now(joined(&database, "token", "/note/1", NOON)).unwrap();
    let gone = now(delete(&database, ada().person, NOON)).unwrap();
    assert_eq!(gone.keys, ["/note/1"]);
    assert_eq!(now(who(&database, "token", NOON)).unwrap(), Who::Nobody);
    // Whose account is gone gives out no more.
    assert_eq!(add(&database, &ada(), "late"), Err(StoreError::Conflict));
}

#[test]
fn an_account_has_so_many_access_tokens_and_no_more() {
    let database = with_accounts();
    for number in 0..MAX_ACCESS_TOKENS {
        add(&database, &ada(), &format!("token {number}")).unwrap();
    }
    assert_eq!(add(&database, &ada(), "over"), Err(StoreError::Conflict));
    add(&database, &ben(), "of Ben").unwrap();
    now(end(&database, ada().person, Which::One("token 0"), NOON)).unwrap();
    add(&database, &ada(), "again").unwrap();
}

#[test]
fn a_note_is_claimed_once_and_by_its_token() {
    let database = MemoryDatabase::new();
    unowned(&database, invited());
    now(members::set(&database, NOTE, &ada(), Role::View)).unwrap();
    let claim = |token, who: Writer| now(claim(&database, NOTE, &hash_token(token), &who));
    assert_eq!(claim("another", ada()), Err(StoreError::Conflict));
    assert_eq!(role(&database, ada().person, "guest Ada"), Some(Role::View));
    assert_eq!(claim("owner token", ada()), Ok(()));
    assert_eq!(
        role(&database, ada().person, "guest Ada"),
        Some(Role::Owner)
    );
    assert_eq!(database.count("SELECT count(*) FROM note_members"), 0);
    for who in [ada(), ben()] {
        assert_eq!(claim("owner token", who), Err(StoreError::Conflict));
    }
    // The token does nothing any more.
    let hash = hash_token("owner token");
    let asker = Asker {
        bearer_hash: Some(&hash),
        ..Asker::default()
    };
    let found = now(rights::of(&database, NOTE, &asker, NOON)).unwrap();
    assert_eq!(found.unwrap().right, None);
    assert!(!now(rights::is_bearer(&database, &hash, NOON)).unwrap());
}

#[test]
fn an_owned_note_is_not_claimed_though_its_token_is_right() {
    let database = MemoryDatabase::new();
    unowned(&database, invited());
    let sql = "UPDATE notes SET owner_id = ?1";
    now(members::set(&database, NOTE, &ben(), Role::View)).unwrap();
    database.change(sql, [ben().person.to_string()]);
    let hash = hash_token("owner token");
    let claimed = now(claim(&database, NOTE, &hash, &ada()));
    assert_eq!(claimed, Err(StoreError::Conflict));
    assert_eq!(role(&database, ada().person, "guest Ada"), None);
}

#[test]
fn a_bearer_is_an_owner_token_or_a_link_that_lets_programs_in() {
    let database = MemoryDatabase::new();
    unowned(&database, invited());
    let is_bearer = |token: &str| now(rights::is_bearer(&database, &hash_token(token), NOON));
    assert_eq!(is_bearer("owner token"), Ok(true));
    assert_eq!(is_bearer("made up"), Ok(false));
    let link = |number: u128| links::NewLink {
        id: Uuid::from_u128(number),
        note: NOTE,
        token_hash: hash_token(&format!("link {number}")),
        role: Role::View,
        label: String::new(),
        invitation: false,
        password: None,
        max_uses: None,
        expires_at: None,
        at: NOON,
    };
    for (link, known) in [
        (link(1), true),
        (
            links::NewLink {
                expires_at: Some(NOON + 1),
                ..link(2)
            },
            true,
        ),
        (
            links::NewLink {
                expires_at: Some(NOON),
                ..link(3)
            },
            false,
        ),
        (
            links::NewLink {
                password: Some("slow hash".to_owned()),
                ..link(4)
            },
            false,
        ),
        (
            links::NewLink {
                max_uses: Some(1),
                ..link(5)
            },
            false,
        ),
    ] {
        now(links::create(&database, &link)).unwrap();
        let asked = now(rights::is_bearer(&database, &link.token_hash, NOON));
        assert_eq!(asked, Ok(known), "{link:?}");
    }
    now(links::revoke(&database, NOTE, Uuid::from_u128(1), NOON)).unwrap();
    assert_eq!(is_bearer("link 1"), Ok(false));
}
