//! K: keys do not leak into one another, and who is meant is who is told.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::print_stdout,
    clippy::string_slice,
    reason = "tests"
)]

mod support;

use std::collections::BTreeMap;

use realtime::{Access, Announcement, Event, FeedState, Key, Kind, Who};
use serde_json::json;
use support::hall::Hall;
use support::{admission, person};
use uuid::Uuid;

/// A small generator with a fixed seed (xorshift*).
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: usize) -> usize {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        (self.0.wrapping_mul(0x2545_f491_4f6c_dd1d) >> 33) as usize % sides
    }
}

/// 50 keys of every kind.
fn keys() -> Vec<String> {
    let id = |n: usize| Uuid::from_u128(n as u128 + 1);
    let mut keys = vec!["/global".to_owned()];
    for n in 0..13 {
        keys.push(format!("/note/{}", id(n)));
        keys.push(format!("/chat/note-{}", id(n)));
        keys.push(format!("/user/{}", id(n)));
    }
    keys.extend((0..10).map(|n| format!("/chat/room-{n}")));
    keys
}

/// What only this key's clients may hear.
fn mark(key: usize) -> String {
    format!("<<{key}>>")
}

fn announced(text: &str) -> FeedState {
    FeedState::Everyone {
        announcement: Some(Announcement {
            id: Uuid::nil(),
            text: text.to_owned(),
            at: 1,
            until: None,
        }),
    }
}

/// One random thing a key's people, its server or its network do.
fn act(hall: &mut Hall, dice: &mut Dice, keys: &[String], n: usize, step: usize) {
    let path = keys[n].as_str();
    let kind = path.parse::<Key>().unwrap().kind();
    let guest = n * 3 + dice.roll(3);
    let text = format!("{}{step}", mark(n));
    match (dice.roll(12), kind) {
        (0, _) => hall.cut(guest),
        (1, _) if dice.roll(3) == 0 => hall.sleep(path),
        (2, _) => hall.refresh(path, &Who::Exclude(vec![person(1).id])),
        (3, Kind::Document | Kind::Chat) => hall.set(guest, "mark", json!(text)),
        (_, Kind::Document) if hall.guests[guest].is_live() => hall.edit(guest, 0, &text),
        (4, Kind::Chat) => hall.ask(guest, &realtime::Ask::Typing),
        (5, Kind::Chat) => hall.say(guest, &format!("@Ben {text}")),
        (_, Kind::Chat) => hall.say(guest, &text),
        (_, Kind::Feed) => {
            if path == "/global" {
                hall.feeds.insert(path.to_owned(), announced(&text));
            } else {
                hall.notify(path, &[(&mark(n), true), (&text, false)]);
            }
            hall.refresh(path, &Who::All);
        }
        _ => {}
    }
}

/// The revisions of what is told whole or as a patch never go back on one socket.
fn assert_rising(events: &[Event], who: &str) {
    let mut last: BTreeMap<&str, u64> = BTreeMap::new();
    for event in events {
        let (of, revision) = match event {
            Event::Hello { .. } => {
                last.clear();
                continue;
            }
            Event::View { revision, .. } => ("view", *revision),
            Event::Notifications { revision, .. } | Event::Notification { revision, .. } => {
                ("notifications", *revision)
            }
            Event::Announcement { revision, .. } => ("announcement", *revision),
            Event::Signal { revision, .. } => ("signal", *revision),
            _ => continue,
        };
        let before = last.insert(of, revision).unwrap_or(0);
        assert!(before <= revision, "{who}: {of} {before} then {revision}");
    }
}

#[test]
fn k1_each_client_sees_its_own_keys_events_and_nothing_else() {
    let (mut hall, mut dice) = (Hall::new(), Dice(0x7a9d_e11e));
    let keys = keys();
    assert_eq!(keys.len(), 50);
    for (n, key) in keys.iter().enumerate() {
        let state = announced(&mark(n));
        hall.feeds.insert(key.clone(), state);
        if key.starts_with("/user/") {
            hall.notify(key, &[(&mark(n), false)]);
        }
        for who in 0..3 {
            hall.join(key, admission(who, Access::Edit));
        }
    }
    hall.settle();
    for step in 0..6_000 {
        let key = dice.roll(keys.len());
        act(&mut hall, &mut dice, &keys, key, step);
        if dice.roll(4) == 0 {
            hall.round();
        }
        if dice.roll(20) == 0 {
            hall.advance(dice.roll(2_000) as u64);
        }
    }
    hall.settle();
    for key in &keys {
        hall.refresh(key, &Who::All);
    }
    hall.settle();

    let (mut events, mut marked) = (0, 0);
    for (n, guest) in hall.guests.iter().enumerate() {
        let (key, own) = (n / 3, mark(n / 3));
        for text in &guest.heard {
            for found in text.split("<<").skip(1) {
                // A title may be cut off within a mark.
                let end = found.find(|c: char| !c.is_ascii_digit()).unwrap();
                let found = &found[..end];
                let cut = text.starts_with("{\"type\":\"title\"")
                    || text.starts_with("{\"type\":\"hello\"");
                assert!(
                    found == key.to_string() || cut && own.contains(found),
                    "{}: {text}",
                    keys[key]
                );
                marked += 1;
            }
            events += 1;
        }
        assert_rising(&guest.events, &keys[key]);
        let text = guest.client.document().text();
        assert_eq!(text.matches("<<").count(), text.matches(&own).count());
        // All three end with the same.
        let first = &hall.guests[key * 3];
        assert_eq!(text, first.client.document().text());
        assert_eq!(guest.log.messages(), first.log.messages());
        assert!(guest.is_live(), "{}", keys[key]);
    }
    for notice in &hall.taken {
        let key = keys
            .iter()
            .position(|key| notice.cause.starts_with(&format!("{key}#")));
        assert!(notice.quote.contains(&mark(key.unwrap())), "{notice:?}");
    }
    println!("{} notices", hall.taken.len());
    println!("50 keys, 150 clients: {events} events heard, {marked} marks, none of another key");
}

/// What each guest heard of these types.
fn heard(hall: &Hall, kinds: &[&str]) -> Vec<usize> {
    let counts = |guest: &support::hall::Guest| kinds.iter().map(|kind| guest.count(kind)).sum();
    hall.guests.iter().map(counts).collect()
}

#[test]
fn k3_in_a_note_who_is_left_out_gets_all_of_it_when_next_meant() {
    let key = "/note/6f2c1a52-3c1e-4d38-9d0a-0d4e8f1b2c3d";
    let append = realtime::Request {
        by: admission(7, Access::Edit),
        action: realtime::Action::Append { text: "x".into() },
    };
    for asleep in [false, true] {
        let mut hall = Hall::new();
        for who in 0..3 {
            hall.join(key, admission(who, Access::Edit));
        }
        hall.settle();
        // The first is shown to everybody at once; what comes too soon after it
        // waits to be asked for, or for the timer.
        hall.act(key, &append).unwrap();
        hall.round();
        for (who, expected) in [
            (Who::Include(vec![person(1).id]), [0, 1, 0]),
            (Who::Exclude(vec![person(1).id]), [1, 0, 1]),
        ] {
            hall.forget();
            hall.act(key, &append).unwrap();
            hall.refresh(key, &who);
            hall.round();
            assert_eq!(heard(&hall, &["view"]), expected, "{who:?}");
        }
        hall.forget();
        hall.settle();
        assert_eq!(heard(&hall, &["view"]), [0, 0, 0], "the timer tells nobody");
        if asleep {
            hall.sleep(key);
        }
        hall.forget();
        hall.refresh(key, &Who::All);
        hall.settle();
        assert_eq!(heard(&hall, &["view"]), [0, 1, 0], "asleep: {asleep}");
        let view = hall.guests[1].events.iter().find_map(|event| match event {
            Event::View { from, patches, .. } => Some((*from, patches.len())),
            _ => None,
        });
        assert_eq!(view, Some((None, 1)), "the whole view");
        hall.forget();
        hall.refresh(key, &Who::All);
        hall.settle();
        assert_eq!(heard(&hall, &["view"]), [0, 0, 0], "nothing changed");
    }
}

#[test]
fn k3_in_a_chat_only_those_meant_are_told() {
    let mut hall = Hall::new();
    for who in 0..3 {
        hall.join("/chat/tea", admission(who, Access::Edit));
    }
    hall.settle();
    for (who, expected) in [
        (Who::Include(vec![person(1).id]), [0, 1, 0]),
        (Who::Exclude(vec![person(1).id]), [1, 0, 1]),
        (Who::All, [1, 1, 1]),
    ] {
        hall.forget();
        hall.refresh("/chat/tea", &who);
        hall.settle();
        assert_eq!(heard(&hall, &["order"]), expected, "{who:?}");
    }
}

#[test]
fn k3_in_a_feed_who_is_left_out_gets_all_of_it_when_next_meant() {
    for asleep in [false, true] {
        let mut hall = Hall::new();
        let said = |hall: &mut Hall, text: &str| {
            hall.feeds.insert("/global".to_owned(), announced(text));
        };
        said(&mut hall, "0");
        for who in 0..3 {
            hall.join("/global", admission(who, Access::View));
        }
        hall.settle();
        assert_eq!(heard(&hall, &["announcement"]), [1, 1, 1]);
        for (text, who, expected) in [
            ("1", Who::Include(vec![person(1).id]), [0, 1, 0]),
            ("2", Who::Exclude(vec![person(1).id]), [1, 0, 1]),
        ] {
            hall.forget();
            said(&mut hall, text);
            hall.refresh("/global", &who);
            hall.settle();
            assert_eq!(heard(&hall, &["announcement"]), expected, "{who:?}");
        }
        if asleep {
            hall.sleep("/global");
        }
        hall.forget();
        hall.refresh("/global", &Who::All);
        hall.settle();
        assert_eq!(heard(&hall, &["announcement"]), [0, 1, 0]);
        assert!(hall.guests[1].heard[0].contains("\"text\":\"2\""));
    }
}

#[test]
fn k4_an_answer_that_was_overtaken_changes_nothing() {
    let key: Key = "/global".parse().unwrap();
    let mut hall = Hall::new();
    hall.feeds.insert(key.to_string(), announced("0"));
    hall.join("/global", admission(0, Access::View));
    hall.settle();
    hall.refresh("/global", &Who::All);
    hall.refresh("/global", &Who::All);
    let asked: Vec<u64> = std::mem::take(&mut hall.loads)
        .into_iter()
        .map(|(_, number)| number)
        .collect();
    hall.forget();
    hall.feeds.insert(key.to_string(), announced("newer"));
    hall.answer(&key, asked[1]);
    // The first question was answered before the second, and arrives after it.
    hall.feeds.insert(key.to_string(), announced("older"));
    hall.answer(&key, asked[0]);
    hall.settle();
    assert_eq!(hall.guests[0].heard.len(), 1);
    assert!(hall.guests[0].heard[0].contains("newer"));
    // Nor does it come back by who joins next.
    hall.join("/global", admission(1, Access::View));
    while hall.deliver_to_page(0) {}
    hall.open_socket(1);
    while hall.deliver_to_page(1) {}
    assert!(
        hall.guests[1]
            .heard
            .iter()
            .any(|text| text.contains("newer"))
    );
    assert_eq!(hall.guests[0].heard.len(), 1);
}
