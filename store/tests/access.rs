//! Who may do what with a note: the whole matrix.
#![expect(clippy::unwrap_used, reason = "a test may stop at the first surprise")]

use store::{Asker, GeneralAccess, NoteId, NoteRecord, PersonId, Role, hash_token, role_for};
use uuid::Uuid;

const ADA: PersonId = PersonId(Uuid::from_u128(0xada));
const BEN: PersonId = PersonId(Uuid::from_u128(0xbe));

fn note(access: GeneralAccess) -> NoteRecord {
    NoteRecord {
        id: NoteId(Uuid::from_u128(1)),
        owner: Some(ADA),
        owner_token_hash: Some(hash_token("the token of ada")),
        access,
        title: String::new(),
        created_at: 1,
        trashed_at: None,
    }
}

fn check(note: &NoteRecord, person: Option<PersonId>, token: Option<&str>, expected: Option<Role>) {
    let hash = token.map(hash_token);
    let asker = Asker {
        person,
        bearer_hash: hash.as_deref(),
    };
    assert_eq!(role_for(&asker, note), expected, "{asker:?} on {note:?}");
}

#[test]
fn strangers_get_nothing_of_a_closed_note() {
    let closed = note(GeneralAccess::None);
    check(&closed, None, None, None);
    check(&closed, Some(BEN), None, None);
    check(&closed, Some(BEN), Some("another token"), None);
    check(&closed, None, Some(""), None);
}

#[test]
fn a_note_in_the_trash_is_the_owners_alone() {
    let trashed = NoteRecord {
        trashed_at: Some(2),
        ..note(GeneralAccess::Edit)
    };
    check(&trashed, None, None, None);
    check(&trashed, Some(BEN), None, None);
    check(&trashed, Some(ADA), None, Some(Role::Owner));
    check(&trashed, None, Some("the token of ada"), Some(Role::Owner));
}

#[test]
fn a_note_without_an_owner_belongs_to_nobody() {
    let orphan = NoteRecord {
        owner: None,
        owner_token_hash: None,
        ..note(GeneralAccess::None)
    };
    check(&orphan, None, None, None);
    check(&orphan, Some(ADA), None, None);
    check(&orphan, None, Some("the token of ada"), None);
}

#[test]
fn general_access_is_what_everybody_has() {
    for (access, role) in [
        (GeneralAccess::View, Role::View),
        (GeneralAccess::Edit, Role::Edit),
    ] {
        check(&note(access), None, None, Some(role));
        check(&note(access), Some(BEN), None, Some(role));
        check(&note(access), Some(BEN), Some("another token"), Some(role));
    }
}

#[test]
fn the_owner_has_the_strongest_role_whatever_the_general_access() {
    for access in [
        GeneralAccess::None,
        GeneralAccess::View,
        GeneralAccess::Edit,
    ] {
        check(&note(access), Some(ADA), None, Some(Role::Owner));
        check(
            &note(access),
            Some(BEN),
            Some("the token of ada"),
            Some(Role::Owner),
        );
    }
    assert!(Role::Owner > Role::Edit && Role::Edit > Role::View);
}

#[test]
fn access_is_one_word_everywhere() {
    for access in [
        GeneralAccess::None,
        GeneralAccess::View,
        GeneralAccess::Edit,
    ] {
        let json = serde_json::to_string(&access).unwrap();
        assert_eq!(json, format!("\"{}\"", access.as_str()));
        assert_eq!(
            serde_json::from_str::<GeneralAccess>(&json).unwrap(),
            access
        );
    }
    assert!(serde_json::from_str::<GeneralAccess>("\"owner\"").is_err());
}
