//! Announcements over the real schema.
#![expect(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test may stop at the first surprise"
)]

#[path = "support/sqlite.rs"]
mod sqlite;

use sqlite::{MemoryDatabase, now};
use store::announcements::{AnnouncementRecord, current, end, end_due, make};
use uuid::Uuid;

const NOON: u64 = 1_790_000_000_000;
const HOUR: u64 = 3_600_000;

fn tea(number: u128, at: u64, until: Option<u64>) -> AnnouncementRecord {
    AnnouncementRecord {
        id: Uuid::from_u128(number),
        text: format!("Tea is served. ({number})"),
        at,
        until,
    }
}

#[test]
fn one_announcement_holds_at_a_time() {
    let database = MemoryDatabase::new();
    assert_eq!(now(current(&database, NOON)).unwrap(), None);
    for number in [1, 2] {
        let new = tea(number, NOON + 1, None);
        now(make(&database, &new)).unwrap();
        assert_eq!(now(current(&database, NOON + HOUR)).unwrap(), Some(new));
    }
    let open = "SELECT count(*) FROM announcements WHERE ended_at IS NULL";
    assert_eq!(database.count(open), 1);
    assert!(now(end(&database, NOON + 2)).unwrap());
    assert_eq!(now(current(&database, NOON + 3)).unwrap(), None);
    assert!(!now(end(&database, NOON + 4)).unwrap());
}

#[test]
fn an_announcement_ends_when_it_was_to_end() {
    let database = MemoryDatabase::new();
    now(make(&database, &tea(1, NOON, Some(NOON + HOUR)))).unwrap();
    assert!(!now(end_due(&database, NOON + HOUR - 1)).unwrap());
    assert!(now(current(&database, NOON + HOUR - 1)).unwrap().is_some());
    assert_eq!(now(current(&database, NOON + HOUR)).unwrap(), None);
    assert!(now(end_due(&database, NOON + HOUR)).unwrap());
    assert!(!now(end_due(&database, NOON + HOUR)).unwrap(), "once");
}

#[test]
fn an_announcement_without_an_end_stays() {
    let database = MemoryDatabase::new();
    now(make(&database, &tea(1, NOON, None))).unwrap();
    assert!(!now(end_due(&database, u64::MAX >> 12)).unwrap());
    assert!(now(current(&database, u64::MAX >> 12)).unwrap().is_some());
}
