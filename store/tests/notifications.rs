//! Notifications over the real schema.
#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test may stop at the first surprise"
)]

#[path = "support/sqlite.rs"]
mod sqlite;

use sqlite::{MemoryDatabase, now};
use store::PersonId;
use store::notifications::{
    By, Chosen, Inbox, KINDS, Kind, NewNotification, Tab, archive, inbox, keep, mark_read,
    set_bell, settings,
};
use uuid::Uuid;

const NOON: u64 = 1_790_000_000_000;
const ADA: PersonId = PersonId(Uuid::from_u128(0xada));
const BEN: PersonId = PersonId(Uuid::from_u128(0xbe));

fn mention(person: PersonId, number: u64) -> NewNotification {
    NewNotification {
        person,
        kind: "mention".to_owned(),
        cause: format!("/chat/tea#{number}"),
        by: By {
            person: BEN,
            name: "Ben".to_owned(),
            colour: 1,
        },
        place: format!("/chat/tea#m{number}"),
        title: "Tea".to_owned(),
        quote: "@Ada, tea?".to_owned(),
        at: NOON + number,
    }
}

fn all(database: &MemoryDatabase, person: PersonId) -> Inbox {
    now(inbox(database, person, None, None, 50)).unwrap()
}

#[test]
fn one_cause_tells_somebody_once_however_often_it_is_tried() {
    let database = MemoryDatabase::new();
    let notices = [mention(ADA, 1), mention(BEN, 1)];
    assert_eq!(now(keep(&database, &notices)).unwrap(), [BEN, ADA]);
    for _ in 0..10 {
        assert_eq!(now(keep(&database, &notices)).unwrap(), []);
    }
    assert_eq!(database.count("SELECT count(*) FROM notifications"), 2);
    let later = [mention(ADA, 1), mention(ADA, 2), mention(ADA, 3)];
    assert_eq!(now(keep(&database, &later)).unwrap(), [ADA]);
    let reply = NewNotification {
        kind: "reply".to_owned(),
        ..mention(ADA, 1)
    };
    assert_eq!(now(keep(&database, &[reply])).unwrap(), [ADA]);
    assert_eq!(now(keep(&database, &[])).unwrap(), []);
}

#[test]
fn a_notification_comes_back_as_it_was_kept_newest_first() {
    let database = MemoryDatabase::new();
    now(keep(&database, &[mention(ADA, 1), mention(ADA, 2)])).unwrap();
    let found = all(&database, ADA);
    assert_eq!(found.unread, 2);
    assert_eq!(found.newest[0].what, mention(ADA, 2));
    assert_eq!(found.newest[1].what, mention(ADA, 1));
    assert!(found.newest[0].id > found.newest[1].id);
    assert_eq!(all(&database, BEN), Inbox::default());
    let one = now(inbox(&database, ADA, None, None, 1)).unwrap();
    assert_eq!((one.unread, one.newest.len()), (2, 1));
}

#[test]
fn older_ones_follow_without_a_gap() {
    let database = MemoryDatabase::new();
    let notices: Vec<_> = (1..=5).map(|number| mention(ADA, number)).collect();
    now(keep(&database, &notices)).unwrap();
    now(keep(&database, &[mention(BEN, 1)])).unwrap();
    let (mut before, mut listed) = (None, Vec::new());
    loop {
        let page = now(inbox(&database, ADA, None, before, 2)).unwrap();
        assert_eq!(page.unread, 5, "of all of them");
        let Some(last) = page.newest.last() else {
            break;
        };
        before = Some(last.id);
        listed.extend(page.newest.into_iter().map(|one| one.what));
    }
    let newest_first: Vec<_> = notices.into_iter().rev().collect();
    assert_eq!(listed, newest_first);
}

#[test]
fn a_tab_shows_its_kinds() {
    let database = MemoryDatabase::new();
    let reply = NewNotification {
        kind: "reply".to_owned(),
        ..mention(ADA, 2)
    };
    now(keep(&database, &[mention(ADA, 1), reply])).unwrap();
    for (tab, kinds) in [
        (Tab::Mentions, vec!["mention"]),
        (Tab::Comments, vec!["reply"]),
        (Tab::Shared, vec![]),
    ] {
        let found = now(inbox(&database, ADA, Some(tab), None, 50)).unwrap();
        let listed: Vec<_> = found.newest.iter().map(|one| &one.what.kind).collect();
        assert_eq!(listed, kinds);
        assert_eq!(found.unread, 2, "the badge counts every tab");
    }
}

#[test]
fn what_is_read_stays_and_what_is_archived_goes() {
    let database = MemoryDatabase::new();
    now(keep(
        &database,
        &[mention(ADA, 1), mention(ADA, 2), mention(ADA, 3)],
    ))
    .unwrap();
    let ids: Vec<_> = all(&database, ADA)
        .newest
        .iter()
        .map(|one| one.id)
        .collect();
    now(mark_read(
        &database,
        ADA,
        &Chosen::These(vec![ids[0]]),
        NOON,
    ))
    .unwrap();
    let read: Vec<_> = all(&database, ADA)
        .newest
        .iter()
        .map(|one| one.read)
        .collect();
    assert_eq!(read, [true, false, false]);
    now(archive(&database, ADA, &Chosen::These(vec![ids[1]]), NOON)).unwrap();
    let left = all(&database, ADA);
    assert_eq!((left.unread, left.newest.len()), (1, 2));
    now(mark_read(&database, ADA, &Chosen::All, NOON)).unwrap();
    assert_eq!(all(&database, ADA).unread, 0);
    now(archive(&database, ADA, &Chosen::All, NOON)).unwrap();
    assert_eq!(all(&database, ADA), Inbox::default());
    let told = now(keep(&database, &[mention(ADA, 1)])).unwrap();
    assert_eq!(told, [], "what was archived does not come again");
}

#[test]
fn nobody_reads_or_archives_what_is_somebody_else_s() {
    let database = MemoryDatabase::new();
    now(keep(&database, &[mention(ADA, 1)])).unwrap();
    let hers = Chosen::These(vec![all(&database, ADA).newest[0].id]);
    for which in [&hers, &Chosen::All] {
        now(mark_read(&database, BEN, which, NOON)).unwrap();
        now(archive(&database, BEN, which, NOON)).unwrap();
    }
    let left = all(&database, ADA);
    assert_eq!((left.unread, left.newest.len()), (1, 1));
}

#[test]
fn a_kind_that_is_not_wanted_is_not_kept() {
    let database = MemoryDatabase::new();
    let kind = Kind::find("mention").unwrap();
    now(set_bell(&database, ADA, kind, false)).unwrap();
    let wanted = |person| now(settings(&database, person)).unwrap();
    assert_eq!(
        wanted(ADA).iter().filter(|(_, bell)| *bell).count(),
        KINDS.len() - 1
    );
    assert!(wanted(BEN).iter().all(|(_, bell)| *bell));
    let both = [mention(ADA, 1), mention(BEN, 1)];
    assert_eq!(now(keep(&database, &both)).unwrap(), [BEN]);
    now(set_bell(&database, ADA, kind, true)).unwrap();
    assert_eq!(now(keep(&database, &[mention(ADA, 2)])).unwrap(), [ADA]);
    assert!(wanted(ADA).iter().all(|(_, bell)| *bell));
}

#[test]
fn every_kind_is_under_one_name_and_one_tab() {
    for (index, kind) in KINDS.iter().enumerate() {
        assert!(KINDS[..index].iter().all(|other| other.name != kind.name));
        assert!(kind.tab.kinds().any(|found| found == kind));
        assert_eq!(Kind::find(kind.name), Some(kind));
    }
    assert_eq!(Kind::find("nothing"), None);
    let tabs = Tab::ALL.iter().flat_map(|tab| tab.kinds()).count();
    assert_eq!(tabs, KINDS.len());
}
