//! N: what the server says to one person, and to everybody.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "tests"
)]

mod support;

use realtime::{Access, Event, GLOBAL_SHARDS, Key, MAX_GLOBAL_SESSIONS, Refusal, Who};
use support::admission;
use support::hall::Hall;

const USER: &str = "/user/6f2c1a52-3c1e-4d38-9d0a-0d4e8f1b2c3d";

/// Ada's notifications on two devices; one of them is unread.
fn two_devices() -> Hall {
    let mut hall = Hall::new();
    hall.notify(USER, &[("one", true), ("two", false)]);
    for _ in 0..2 {
        hall.join(USER, admission(0, Access::View));
    }
    hall.settle();
    hall
}

/// What a guest was told of their notifications: one new or all, how many are
/// unread, and the quotes.
fn told(hall: &Hall, guest: usize) -> Vec<(&'static str, u64, Vec<String>)> {
    let told = |event: &Event| match event {
        Event::Notifications {
            unread,
            notifications,
            ..
        } => Some((
            "all",
            *unread,
            notifications.iter().map(|it| it.quote.clone()).collect(),
        )),
        Event::Notification {
            notification,
            unread,
            ..
        } => Some(("new", *unread, vec![notification.quote.clone()])),
        _ => None,
    };
    hall.guests[guest].events.iter().filter_map(told).collect()
}

fn all(unread: u64, quotes: &[&str]) -> (&'static str, u64, Vec<String>) {
    ("all", unread, quotes.iter().map(|&it| it.into()).collect())
}

fn new(unread: u64, quote: &str) -> (&'static str, u64, Vec<String>) {
    ("new", unread, vec![quote.to_owned()])
}

#[test]
fn n4_a_new_notification_and_what_was_read_reach_every_device() {
    let mut hall = two_devices();
    for device in 0..2 {
        assert_eq!(told(&hall, device), [all(1, &["two", "one"])]);
    }
    hall.forget();
    hall.notify(
        USER,
        &[
            ("one", true),
            ("two", false),
            ("three", false),
            ("four", false),
        ],
    );
    hall.refresh(USER, &Who::All);
    hall.settle();
    for device in 0..2 {
        assert_eq!(told(&hall, device), [new(2, "three"), new(3, "four")]);
    }
    hall.forget();
    // Read on one is read on all.
    hall.notify(
        USER,
        &[
            ("one", true),
            ("two", true),
            ("three", true),
            ("four", true),
        ],
    );
    hall.refresh(USER, &Who::All);
    hall.settle();
    for device in 0..2 {
        let read = all(0, &["four", "three", "two", "one"]);
        assert_eq!(told(&hall, device), [read]);
    }
    hall.forget();
    hall.refresh(USER, &Who::All);
    hall.settle();
    assert_eq!(told(&hall, 0), []);
}

#[test]
fn n4_after_a_sleep_only_what_changed_is_told() {
    let mut hall = two_devices();
    hall.forget();
    hall.sleep(USER);
    hall.refresh(USER, &Who::All);
    hall.settle();
    assert_eq!(told(&hall, 0), [], "nothing changed");
    hall.sleep(USER);
    hall.notify(USER, &[("one", true), ("two", false), ("three", false)]);
    hall.refresh(USER, &Who::All);
    hall.settle();
    for device in 0..2 {
        assert_eq!(told(&hall, device), [new(2, "three")]);
    }
    // Who comes afterwards is told everything, the others nothing.
    hall.forget();
    hall.sleep(USER);
    let late = hall.join(USER, admission(0, Access::View));
    hall.settle();
    assert_eq!(told(&hall, late), [all(2, &["three", "two", "one"])]);
    assert_eq!(told(&hall, 0), []);
}

#[test]
fn n5_a_database_that_is_out_is_asked_again_ever_more_slowly() {
    for sleeps in [false, true] {
        let mut hall = two_devices();
        hall.forget();
        let state = hall.feeds.remove(USER).unwrap();
        hall.refresh(USER, &Who::All);
        let mut waits = Vec::new();
        for _ in 0..9 {
            while hall.round() {}
            let alarm = hall.objects[USER].alarm.unwrap();
            waits.push((alarm - hall.now) / 1_000);
            if sleeps {
                hall.sleep(USER);
            }
            hall.advance(alarm - hall.now);
        }
        if sleeps {
            assert_eq!(waits, [1; 9], "how often it failed is forgotten");
        } else {
            assert_eq!(waits, [1, 2, 4, 8, 16, 32, 60, 60, 60]);
        }
        assert_eq!(told(&hall, 0), []);
        hall.feeds.insert(USER.to_owned(), state);
        hall.notify(USER, &[("one", true), ("two", false), ("three", false)]);
        while hall.round() {}
        hall.advance(60_000);
        while hall.round() {}
        for device in 0..2 {
            assert_eq!(told(&hall, device), [new(2, "three")], "sleeps: {sleeps}");
        }
        assert_eq!(hall.objects[USER].alarm, None);
    }
}

#[test]
fn n5_who_comes_while_the_database_is_out_is_told_when_it_is_back() {
    let mut hall = two_devices();
    let state = hall.feeds.remove(USER).unwrap();
    hall.sleep(USER);
    let late = hall.join(USER, admission(0, Access::View));
    hall.round();
    hall.round();
    assert!(hall.guests[late].is_live());
    hall.sleep(USER);
    hall.feeds.insert(USER.to_owned(), state);
    hall.advance(1_000);
    hall.settle();
    assert_eq!(told(&hall, late), [all(1, &["two", "one"])]);
}

#[test]
fn n7_what_one_object_cannot_tell_is_split_by_person() {
    let mut hall = Hall::new();
    for _ in 0..=MAX_GLOBAL_SESSIONS {
        let guest = hall.join("/global", admission(0, Access::View));
        hall.open_socket(guest);
    }
    assert_eq!(hall.closed.len(), 1, "one more is sent away");
    assert_eq!(hall.closed[0].1, Refusal::Crowded);
    let key = Key::Global;
    let people = (0..10_000_u128).map(uuid::Uuid::from_u128);
    let mut pages = vec![0; usize::from(GLOBAL_SHARDS)];
    for person in people {
        pages[usize::from(key.shard_of(person))] += 1;
    }
    assert!(pages.iter().all(|&pages| pages == 2_500), "{pages:?}");
}
