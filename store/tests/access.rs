//! Who may do what with a note: the whole matrix.
#![expect(clippy::unwrap_used, reason = "a test may stop at the first surprise")]

use store::{
    Action, Asker, Audience, GeneralAccess, Grants, NoteId, NoteRecord, PersonId, Right, Role,
    hash_token, role_for,
};
use uuid::Uuid;

const ADA: PersonId = PersonId(Uuid::from_u128(0xada));
const BEN: PersonId = PersonId(Uuid::from_u128(0xbe));
const NOW: u64 = 1_000;

fn note(general: GeneralAccess) -> NoteRecord {
    NoteRecord {
        id: NoteId(Uuid::from_u128(1)),
        owner: Some(ADA),
        owner_token_hash: Some(hash_token("the token of ada")),
        general,
        title: String::new(),
        created_at: 1,
        trashed_at: None,
    }
}

fn general(audience: Audience, role: Role) -> GeneralAccess {
    GeneralAccess { audience, role }
}

fn every_general() -> Vec<GeneralAccess> {
    let audiences = [Audience::Invited, Audience::SignedIn, Audience::Link];
    let given = Role::ALL.into_iter().filter(|role| *role != Role::Owner);
    given
        .flat_map(|role| audiences.map(|audience| general(audience, role)))
        .collect()
}

fn role(who: &Asker<'_>, note: &NoteRecord, grants: &Grants) -> Option<Role> {
    role_for(who, note, grants, NOW).map(|right| right.role)
}

fn as_person(person: PersonId) -> Asker<'static> {
    Asker {
        person: Some(person),
        ..Asker::default()
    }
}

#[test]
fn a_persons_role_is_the_strongest_of_all_they_have() {
    let mut seen = 0;
    let given: Vec<Option<Role>> = Role::ALL
        .into_iter()
        .filter(|role| *role != Role::Owner)
        .map(Some)
        .chain([None])
        .collect();
    for general in every_general() {
        for member in &given {
            for link in &given {
                for signed_in in [false, true] {
                    let grants = Grants {
                        ended: false,
                        signed_in,
                        member: *member,
                        links: link.iter().map(|role| (*role, None)).collect(),
                    };
                    let open = match general.audience {
                        Audience::Invited => None,
                        Audience::SignedIn => Some(general.role).filter(|_| signed_in),
                        Audience::Link => Some(general.role),
                    };
                    let strongest = [*member, *link, open].into_iter().flatten().max();
                    assert_eq!(role(&as_person(BEN), &note(general), &grants), strongest);
                    let owner = role(&as_person(ADA), &note(general), &grants);
                    assert_eq!(owner, Some(Role::Owner));
                    seen += 1;
                }
            }
        }
    }
    assert_eq!(seen, 12 * 5 * 5 * 2);
}

#[test]
fn strangers_get_nothing_of_a_closed_note() {
    let closed = note(general(Audience::Invited, Role::Edit));
    let nothing = Grants::default();
    for who in [
        Asker::default(),
        as_person(BEN),
        Asker {
            bearer_hash: Some("00"),
            ..as_person(BEN)
        },
    ] {
        assert_eq!(role_for(&who, &closed, &nothing, NOW), None);
    }
}

#[test]
fn an_ended_session_is_nobody() {
    let ended = Grants {
        ended: true,
        signed_in: true,
        member: Some(Role::Edit),
        links: Vec::new(),
    };
    let closed = note(general(Audience::Invited, Role::Edit));
    for person in [ADA, BEN] {
        assert_eq!(role(&as_person(person), &closed, &ended), None);
    }
    let for_accounts = note(general(Audience::SignedIn, Role::Edit));
    assert_eq!(role(&as_person(ADA), &for_accounts, &ended), None);
    let open = note(general(Audience::Link, Role::View));
    assert_eq!(role(&as_person(ADA), &open, &ended), Some(Role::View));
}

#[test]
fn a_note_in_the_trash_is_the_owners_alone() {
    let trashed = NoteRecord {
        trashed_at: Some(2),
        ..note(GeneralAccess::default())
    };
    let everything = Grants {
        ended: false,
        signed_in: true,
        member: Some(Role::Edit),
        links: vec![(Role::Edit, None)],
    };
    assert_eq!(role(&as_person(BEN), &trashed, &everything), None);
    assert_eq!(
        role(&as_person(ADA), &trashed, &Grants::default()),
        Some(Role::Owner)
    );
    let hash = hash_token("the token of ada");
    let by_token = Asker {
        bearer_hash: Some(&hash),
        ..Asker::default()
    };
    assert_eq!(
        role(&by_token, &trashed, &Grants::default()),
        Some(Role::Owner)
    );
}

#[test]
fn a_note_without_an_owner_belongs_to_nobody() {
    let orphan = NoteRecord {
        owner: None,
        owner_token_hash: None,
        ..note(general(Audience::Invited, Role::View))
    };
    let hash = hash_token("the token of ada");
    let by_token = Asker {
        bearer_hash: Some(&hash),
        ..Asker::default()
    };
    for who in [Asker::default(), as_person(ADA), by_token] {
        assert_eq!(role(&who, &orphan, &Grants::default()), None);
    }
}

#[test]
fn a_link_counts_until_it_ends_and_says_when_to_look_again() {
    let closed = note(general(Audience::Link, Role::View));
    let by = |links: Vec<(Role, Option<u64>)>| Grants {
        links,
        ..Grants::default()
    };
    let right = |grants: &Grants| role_for(&as_person(BEN), &closed, grants, NOW).unwrap();
    let (role, until) = (Role::Edit, Some(NOW + 1));
    assert_eq!(right(&by(vec![(role, until)])), Right { role, until });
    for over in [NOW - 1, NOW] {
        let left = right(&by(vec![(Role::Edit, Some(over))]));
        assert_eq!((left.role, left.until), (Role::View, None));
    }
    // What lasts anyway need not be looked at again.
    let weaker = right(&by(vec![(Role::View, until)]));
    assert_eq!((weaker.role, weaker.until), (Role::View, None));
}

#[test]
fn the_table_of_actions_is_this_one() {
    use Role::{Comment, Edit, Owner, View};
    let table = [
        ("read", View),
        ("read_chat", View),
        ("write_chat", Comment),
        ("write", Edit),
        ("rename", Edit),
        ("lead", Edit),
        ("keep_order", Owner),
        ("share", Owner),
        ("publish", Owner),
        ("transfer", Owner),
        ("trash", Owner),
    ];
    let ours: Vec<_> = Action::ALL
        .iter()
        .map(|action| (action.name(), action.least_role()))
        .collect();
    assert_eq!(ours, table);
    for (index, action) in Action::ALL.iter().enumerate() {
        for role in Role::ALL {
            let least = table.get(index).unwrap().1;
            assert_eq!(role.may(*action), role >= least, "{role:?} {action:?}");
        }
    }
}

#[test]
fn access_is_one_word_to_programs_and_never_more_to_old_code() {
    for word in ["none", "view", "comment", "suggest", "edit"] {
        let access = GeneralAccess::from_word(word).unwrap();
        let open = access.audience == Audience::Link;
        assert_eq!(open, word != "none");
    }
    assert_eq!(GeneralAccess::from_word("owner"), None);
    assert_eq!(GeneralAccess::from_word(""), None);
    for general in every_general() {
        let told = GeneralAccess::from_word(general.one_word()).unwrap();
        let given =
            |access: GeneralAccess| (access.audience == Audience::Link).then_some(access.role);
        assert!(given(told) <= given(general), "{general:?}");
    }
}
