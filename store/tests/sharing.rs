//! Sharing over the real schema: members, links, requests, transfer, and the right
//! that each of them gives.
#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test may stop at the first surprise"
)]
#[path = "support/sqlite.rs"]
mod sqlite;

use sqlite::{MemoryDatabase, now};
use store::sharing::links::{self, LinkRecord, MAX_LINKS, NewLink};
use store::sharing::{members, open_to, requests, transfer};
use store::{
    Asker, Audience, GeneralAccess, IndexEntry, NewNote, NoteId, PersonId, Right, Role, StoreError,
    Writer, hash_token, rights,
};
use uuid::Uuid;

const NOTE: NoteId = NoteId(Uuid::from_u128(1));
const OTHER: NoteId = NoteId(Uuid::from_u128(2));
const ADA: PersonId = PersonId(Uuid::from_u128(0xada));
const BEN: PersonId = PersonId(Uuid::from_u128(0xbe));
const CYD: PersonId = PersonId(Uuid::from_u128(0xc1d));
const NOW: u64 = 1_000;

fn writer(person: PersonId) -> Writer {
    Writer {
        person,
        name: format!("Person {}", person.0.as_u128()),
        colour: 1,
        credential: Some(hash_token(&person.to_string())),
        at: NOW,
    }
}

/// A closed note of Ada's, and another of hers.
fn closed() -> MemoryDatabase {
    let database = MemoryDatabase::new();
    for id in [NOTE, OTHER] {
        let note = NewNote {
            id,
            owner_token_hash: Some(hash_token("owner")),
            general: GeneralAccess::from_word("none").unwrap(),
            title: "Plans".to_owned(),
            excerpt: String::new(),
            at: NOW,
        };
        now(store::notes::create(&database, &note, Some(&writer(ADA)))).unwrap();
    }
    database
}

fn link(number: u128) -> NewLink {
    NewLink {
        id: Uuid::from_u128(number),
        note: NOTE,
        token_hash: hash_token(&format!("link {number}")),
        role: Role::Edit,
        label: "Everyone at tea".to_owned(),
        invitation: false,
        password: None,
        max_uses: None,
        expires_at: None,
        at: NOW,
    }
}

/// An entry by which somebody wrote in a note.
fn written(id: NoteId, person: PersonId) -> IndexEntry {
    IndexEntry {
        id,
        version: 1,
        title: String::new(),
        excerpt: String::new(),
        text: String::new(),
        at: NOW,
        tags: Vec::new(),
        links: Vec::new(),
        writers: vec![writer(person)],
    }
}

fn find(database: &MemoryDatabase, number: u128) -> Option<LinkRecord> {
    now(links::find(
        database,
        &hash_token(&format!("link {number}")),
    ))
    .unwrap()
}

fn right(database: &MemoryDatabase, note: NoteId, who: &Asker<'_>, at: u64) -> Option<Right> {
    now(rights::of(database, note, who, at))
        .unwrap()
        .unwrap()
        .right
}

fn role_of(database: &MemoryDatabase, person: PersonId) -> Option<Role> {
    let hash = hash_token(&person.to_string());
    let who = Asker {
        person: Some(person),
        credential: Some(&hash),
        bearer_hash: None,
    };
    right(database, NOTE, &who, NOW).map(|right| right.role)
}

#[test]
fn a_member_has_their_role_on_that_note_alone() {
    let database = closed();
    assert_eq!(role_of(&database, BEN), None);
    for role in [Role::View, Role::Comment, Role::Suggest, Role::Edit] {
        now(members::set(&database, NOTE, &writer(BEN), role)).unwrap();
        assert_eq!(role_of(&database, BEN), Some(role));
    }
    let who = Asker {
        person: Some(BEN),
        ..Asker::default()
    };
    assert_eq!(right(&database, OTHER, &who, NOW), None);
    assert!(now(members::change(&database, NOTE, BEN, Role::View, NOW)).unwrap());
    assert_eq!(role_of(&database, BEN), Some(Role::View));
    assert!(!now(members::change(&database, NOTE, CYD, Role::Edit, NOW)).unwrap());
    assert!(now(members::remove(&database, NOTE, BEN, NOW)).unwrap());
    assert!(!now(members::remove(&database, NOTE, BEN, NOW)).unwrap());
    assert_eq!(role_of(&database, BEN), None);
}

#[test]
fn the_owner_is_listed_first_and_is_no_member() {
    let database = closed();
    now(members::set(&database, NOTE, &writer(BEN), Role::View)).unwrap();
    now(members::set(&database, NOTE, &writer(ADA), Role::View)).unwrap();
    let listed: Vec<_> = now(members::of(&database, NOTE))
        .unwrap()
        .into_iter()
        .map(|member| (member.person, member.role))
        .collect();
    assert_eq!(listed, [(ADA, Role::Owner), (BEN, Role::View)]);
}

#[test]
fn general_access_for_accounts_asks_for_a_session_that_stands() {
    let database = closed();
    now(members::set(&database, OTHER, &writer(BEN), Role::View)).unwrap();
    let general = GeneralAccess {
        audience: Audience::SignedIn,
        role: Role::Comment,
    };
    now(open_to(&database, NOTE, general, NOW)).unwrap();
    assert_eq!(role_of(&database, BEN), None, "a guest");
    database.change("UPDATE credentials SET kind = 'session'", []);
    assert_eq!(role_of(&database, BEN), Some(Role::Comment));
    let hash = hash_token(&BEN.to_string());
    let borrowed = Asker {
        person: Some(CYD),
        credential: Some(&hash),
        bearer_hash: None,
    };
    assert_eq!(right(&database, NOTE, &borrowed, NOW), None);
    database.change("UPDATE credentials SET ended_at = 5", []);
    assert_eq!(role_of(&database, BEN), None, "signed out");
    assert_eq!(role_of(&database, ADA), None, "the owner, signed out");
}

#[test]
fn a_link_lets_in_until_it_is_revoked() {
    let database = closed();
    now(links::create(&database, &link(7))).unwrap();
    let found = find(&database, 7).unwrap();
    assert!(!found.wants_a_button() && !found.is_over(NOW));
    for _twice in 0..2 {
        assert!(now(links::redeem(&database, &found, &writer(BEN))).unwrap());
    }
    assert_eq!(role_of(&database, BEN), Some(Role::Edit));
    assert_eq!(role_of(&database, CYD), None);
    let listed = now(links::of(&database, NOTE)).unwrap();
    assert_eq!(listed[0].uses, 1);
    assert_eq!(listed[0].people, [writer(BEN).name]);
    assert_eq!(listed[0].used_at, Some(NOW));
    assert!(!now(links::revoke(&database, OTHER, Uuid::from_u128(7), NOW)).unwrap());
    assert!(now(links::revoke(&database, NOTE, Uuid::from_u128(7), NOW)).unwrap());
    assert!(!now(links::revoke(&database, NOTE, Uuid::from_u128(7), NOW)).unwrap());
    assert_eq!(role_of(&database, BEN), None);
    assert_eq!(find(&database, 7), None);
    assert!(!now(links::redeem(&database, &found, &writer(CYD))).unwrap());
}

#[test]
fn who_signs_out_has_nothing_they_came_to() {
    let database = closed();
    now(links::create(&database, &link(7))).unwrap();
    let found = find(&database, 7).unwrap();
    now(links::redeem(&database, &found, &writer(BEN))).unwrap();
    now(members::set(&database, NOTE, &writer(CYD), Role::Edit)).unwrap();
    // As an account they are known.
    now(members::set(&database, OTHER, &writer(BEN), Role::View)).unwrap();
    assert_eq!(role_of(&database, BEN), Some(Role::Edit));
    assert_eq!(role_of(&database, CYD), Some(Role::Edit));
    for person in [BEN, CYD] {
        let hash = hash_token(&person.to_string());
        database.change(
            "INSERT INTO credentials (token_hash, person_id, created_at, ended_at)
             VALUES (?1, ?2, 1, 2) ON CONFLICT (token_hash) DO UPDATE SET ended_at = 2",
            [hash, person.to_string()],
        );
        assert_eq!(role_of(&database, person), None, "{person}");
    }
}

#[test]
fn a_link_lets_in_as_many_as_it_may_and_those_again_for_nothing() {
    let database = closed();
    let two = NewLink {
        max_uses: Some(2),
        ..link(7)
    };
    now(links::create(&database, &two)).unwrap();
    let found = find(&database, 7).unwrap();
    assert!(found.wants_a_button());
    let outcome: Vec<bool> = (0..5)
        .map(|n| PersonId(Uuid::from_u128(n % 3 + 100)))
        .map(|person| now(links::redeem(&database, &found, &writer(person))).unwrap())
        .collect();
    assert_eq!(outcome, [true, true, false, true, true]);
    let used = find(&database, 7).unwrap();
    assert!(used.is_over(NOW));
    assert_eq!(used.uses, 2);
}

#[test]
fn a_link_ends_by_itself() {
    let database = closed();
    let ending = NewLink {
        expires_at: Some(NOW + 10),
        ..link(7)
    };
    now(links::create(&database, &ending)).unwrap();
    let found = find(&database, 7).unwrap();
    assert!(now(links::redeem(&database, &found, &writer(BEN))).unwrap());
    let who = Asker {
        person: Some(BEN),
        ..Asker::default()
    };
    let until = Some(NOW + 10);
    let role = Role::Edit;
    assert_eq!(
        right(&database, NOTE, &who, NOW),
        Some(Right { role, until })
    );
    assert_eq!(right(&database, NOTE, &who, NOW + 10), None);
    let late = Writer {
        at: NOW + 10,
        ..writer(CYD)
    };
    assert!(!now(links::redeem(&database, &found, &late)).unwrap());
}

#[test]
fn a_program_brings_the_token_of_a_link_without_strings() {
    let database = closed();
    now(links::create(&database, &link(7))).unwrap();
    let password = NewLink {
        password: Some("a hash".to_owned()),
        ..link(8)
    };
    let bounded = NewLink {
        max_uses: Some(5),
        ..link(9)
    };
    for link in [password, bounded] {
        now(links::create(&database, &link)).unwrap();
    }
    for (number, role) in [(7, Some(Role::Edit)), (8, None), (9, None), (10, None)] {
        let hash = hash_token(&format!("link {number}"));
        let who = Asker {
            bearer_hash: Some(&hash),
            ..Asker::default()
        };
        let found = right(&database, NOTE, &who, NOW).map(|right| right.role);
        assert_eq!(found, role, "{number}");
        assert_eq!(right(&database, OTHER, &who, NOW), None);
    }
}

#[test]
fn who_opens_an_invitation_is_a_member_also_when_it_is_gone() {
    let database = closed();
    let invitation = NewLink {
        invitation: true,
        max_uses: Some(1),
        role: Role::View,
        ..link(7)
    };
    now(links::create(&database, &invitation)).unwrap();
    let found = find(&database, 7).unwrap();
    assert!(now(links::redeem(&database, &found, &writer(BEN))).unwrap());
    assert!(!now(links::redeem(&database, &found, &writer(CYD))).unwrap());
    assert_eq!(role_of(&database, CYD), None);
    now(links::revoke(&database, NOTE, found.id, NOW)).unwrap();
    assert_eq!(role_of(&database, BEN), Some(Role::View));
    now(members::remove(&database, NOTE, BEN, NOW)).unwrap();
    assert_eq!(role_of(&database, BEN), None);
}

#[test]
fn who_is_taken_out_is_out_also_where_they_came_by_a_link() {
    let database = closed();
    now(links::create(&database, &link(7))).unwrap();
    let found = find(&database, 7).unwrap();
    now(links::redeem(&database, &found, &writer(BEN))).unwrap();
    now(members::set(&database, NOTE, &writer(BEN), Role::View)).unwrap();
    now(members::remove(&database, NOTE, BEN, NOW)).unwrap();
    assert_eq!(role_of(&database, BEN), None);
}

#[test]
fn a_note_has_so_many_links() {
    let database = closed();
    for number in 0..u128::from(MAX_LINKS) {
        now(links::create(&database, &link(number))).unwrap();
    }
    let more = now(links::create(&database, &link(999)));
    assert_eq!(more, Err(StoreError::Conflict));
    now(links::revoke(&database, NOTE, Uuid::from_u128(0), NOW)).unwrap();
    now(links::create(&database, &link(999))).unwrap();
}

#[test]
fn a_request_waits_until_it_is_decided() {
    let database = closed();
    let ask = |who| now(requests::ask(&database, NOTE, &writer(who))).unwrap();
    assert_eq!(ask(BEN), Some(ADA));
    assert_eq!(ask(BEN), None, "asked already");
    assert_eq!(ask(ADA), None, "it is hers");
    assert_eq!(ask(CYD), Some(ADA));
    let nowhere = NoteId(Uuid::from_u128(9));
    let asked = now(requests::ask(&database, nowhere, &writer(BEN))).unwrap();
    assert_eq!(asked, None);
    let waiting = now(requests::of(&database, NOTE)).unwrap();
    assert_eq!(waiting.len(), 2);
    let decide = |who, role| now(requests::decide(&database, NOTE, who, role, NOW)).unwrap();
    assert!(decide(BEN, Some(Role::Comment)).is_some());
    assert!(decide(CYD, None).is_some());
    assert!(decide(CYD, Some(Role::Edit)).is_none(), "nobody waits");
    assert_eq!(role_of(&database, BEN), Some(Role::Comment));
    assert_eq!(role_of(&database, CYD), None);
    assert_eq!(ask(BEN), None, "a member has no need to");
}

#[test]
fn a_note_is_given_to_a_member_and_the_old_token_ends() {
    let database = closed();
    let give = |from, to| now(transfer(&database, NOTE, from, to, NOW));
    assert_eq!(give(ADA, BEN), Err(StoreError::Conflict), "no member");
    now(members::set(&database, NOTE, &writer(BEN), Role::View)).unwrap();
    assert_eq!(give(CYD, BEN), Err(StoreError::Conflict), "not hers");
    give(ADA, BEN).unwrap();
    assert_eq!(role_of(&database, BEN), Some(Role::Owner));
    assert_eq!(role_of(&database, ADA), Some(Role::Edit));
    let hash = hash_token("owner");
    let who = Asker {
        bearer_hash: Some(&hash),
        ..Asker::default()
    };
    assert_eq!(right(&database, NOTE, &who, NOW), None);
    assert_eq!(give(ADA, BEN), Err(StoreError::Conflict), "given already");
}

#[test]
fn a_room_asks_for_all_of_its_sockets_at_once() {
    let database = closed();
    now(members::set(&database, NOTE, &writer(BEN), Role::View)).unwrap();
    let token = hash_token("owner");
    let askers = [
        Asker::default(),
        Asker {
            person: Some(BEN),
            ..Asker::default()
        },
        Asker {
            bearer_hash: Some(&token),
            ..Asker::default()
        },
        Asker {
            person: Some(ADA),
            ..Asker::default()
        },
    ];
    let (_, all) = now(rights::of_all(&database, NOTE, &askers, NOW))
        .unwrap()
        .unwrap();
    let roles: Vec<_> = all.iter().map(|it| it.map(|right| right.role)).collect();
    let owner = Some(Role::Owner);
    assert_eq!(roles, [None, Some(Role::View), owner, owner]);
    let gone = NoteId(Uuid::from_u128(9));
    assert_eq!(
        now(rights::of_all(&database, gone, &askers, NOW)).unwrap(),
        None
    );
}

#[test]
fn a_right_is_decided_without_reading_the_text() {
    let database = closed();
    assert_eq!(role_of(&database, ADA), Some(Role::Owner));
    let plans = database.plans();
    let by_index = "SEARCH notes USING COVERING INDEX notes_rights (id=?)";
    assert!(plans.iter().any(|step| step == by_index), "{plans:#?}");
}

#[test]
fn who_is_told_of_what_a_note_says_may_read_it_by_then() {
    let database = closed();
    let told = |at| now(rights::readers(&database, NOTE, &[ADA, BEN, CYD], at)).unwrap();
    assert_eq!(told(NOW), [ADA]);
    now(members::set(&database, NOTE, &writer(BEN), Role::View)).unwrap();
    let ends = NOW + 10;
    let ending = NewLink {
        expires_at: Some(ends),
        ..link(7)
    };
    now(links::create(&database, &ending)).unwrap();
    let found = find(&database, 7).unwrap();
    now(links::redeem(&database, &found, &writer(CYD))).unwrap();
    assert_eq!(told(NOW), [ADA, BEN, CYD]);
    assert_eq!(told(ends), [ADA, BEN], "the link is over");
    now(members::remove(&database, NOTE, BEN, NOW)).unwrap();
    assert_eq!(told(ends), [ADA]);

    let open = |audience| {
        let role = Role::View;
        now(open_to(
            &database,
            NOTE,
            GeneralAccess { audience, role },
            NOW,
        ))
        .unwrap();
    };
    open(Audience::Link);
    assert_eq!(told(ends), [ADA, BEN, CYD]);
    open(Audience::SignedIn);
    assert_eq!(told(ends), [ADA], "guests");
    let account = "INSERT INTO accounts (person_id, created_at) VALUES (?1, 1)";
    database.change(account, [BEN.to_string()]);
    assert_eq!(told(ends), [ADA, BEN], "an account, also while signed out");
    database.change("UPDATE notes SET trashed_at = 5", []);
    assert_eq!(told(ends), [ADA]);
    database.change("DELETE FROM notes", []);
    assert_eq!(told(ends), []);
}

#[test]
fn only_people_in_notes_of_ones_own_are_found_by_name() {
    let database = closed();
    now(members::set(&database, NOTE, &writer(BEN), Role::View)).unwrap();
    let third = NoteId(Uuid::from_u128(3));
    let stranger = NewNote {
        id: third,
        owner_token_hash: None,
        general: GeneralAccess::default(),
        title: String::new(),
        excerpt: String::new(),
        at: NOW,
    };
    now(store::notes::create(
        &database,
        &stranger,
        Some(&writer(CYD)),
    ))
    .unwrap();
    let found = |of, letters| now(members::acquaintances(&database, of, letters, 9)).unwrap();
    assert_eq!(found(ADA, "pers").len(), 1);
    assert_eq!(found(ADA, "Pers")[0].person, BEN);
    assert!(found(ADA, "%").is_empty());
    assert!(found(CYD, "").is_empty());
    // Whoever writes in a note of hers was given nothing, whatever they are called; nor
    // was the owner of a note that she is in, or another who is.
    now(store::notes::index(&database, &written(NOTE, CYD))).unwrap();
    now(store::notes::index(&database, &written(third, ADA))).unwrap();
    now(members::set(&database, third, &writer(ADA), Role::Edit)).unwrap();
    let dora = PersonId(Uuid::from_u128(0xd0a));
    now(members::set(&database, third, &writer(dora), Role::Edit)).unwrap();
    assert_eq!(found(ADA, "").len(), 1);
    assert_eq!(found(CYD, "").len(), 2);
    now(members::remove(&database, NOTE, BEN, NOW)).unwrap();
    assert!(found(ADA, "").is_empty());
}
