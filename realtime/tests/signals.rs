//! G: synced signals.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "tests"
)]

mod support;

use realtime::{
    Access, Event, MAX_HELD, MAX_HELD_BYTES, MAX_SIGNAL_BYTES, MAX_SIGNAL_NAME_BYTES, MAX_SIGNALS,
    Output, Refusable, Right, Rights, Synced,
};
use serde_json::{Value, json};
use support::admission;
use support::hall::Hall;

const NOTE: &str = "/note/6f2c1a52-3c1e-4d38-9d0a-0d4e8f1b2c3d";
const KEYS: [&str; 2] = [NOTE, "/chat/tea"];

fn two(key: &str) -> Hall {
    let mut hall = Hall::new();
    for who in 0..2 {
        hall.join(key, admission(who, Access::Edit));
    }
    hall.settle();
    hall.forget();
    hall
}

/// A signal as a guest last heard it.
fn value(hall: &Hall, guest: usize, wanted: &str) -> Option<Value> {
    let told = |event: &Event| match event {
        Event::Signal { name, value, .. } if name == wanted => Some(value.clone()),
        _ => None,
    };
    hall.guests[guest].events.iter().rev().find_map(told)
}

fn reasons(hall: &Hall, guest: usize) -> Vec<String> {
    let denials = hall.denials(guest).into_iter();
    denials.map(|(_, reason, ..)| reason).collect()
}

#[test]
fn g2_the_last_in_the_servers_order_holds_for_everybody() {
    for key in KEYS {
        let mut hall = two(key);
        let mut shown = [Synced::new("count"), Synced::new("count")];
        for round in 0..50 {
            for (guest, signal) in shown.iter_mut().enumerate() {
                let ask = signal.set(json!([round, guest]));
                hall.ask(guest, &ask);
            }
            // Who is heard first changes from round to round.
            hall.deliver_to_server(round % 2);
            hall.round();
        }
        hall.settle();
        let mut last = Vec::new();
        for (guest, signal) in shown.iter_mut().enumerate() {
            let events = &hall.guests[guest].events;
            let values = events.iter().filter_map(|event| signal.event(event).value);
            last.push(values.last().unwrap());
        }
        assert_eq!(last[0], last[1], "{key}");
        assert_eq!(hall.guests[0].heard, hall.guests[1].heard, "one order");
        assert_eq!(hall.guests[0].count("signal"), 100);
    }
}

#[test]
fn g1_sizes_names_and_numbers_are_bounded() {
    for key in KEYS {
        let mut hall = two(key);
        // Two bytes are the quotes.
        hall.set(0, "most", json!("x".repeat(MAX_SIGNAL_BYTES - 2)));
        hall.set(0, "more", json!("x".repeat(MAX_SIGNAL_BYTES - 1)));
        hall.set(0, "", json!(1));
        hall.set(0, "Upper", json!(1));
        hall.set(0, &"n".repeat(MAX_SIGNAL_NAME_BYTES), json!(1));
        hall.set(0, &"n".repeat(MAX_SIGNAL_NAME_BYTES + 1), json!(1));
        hall.settle();
        let expected = ["too_large", "malformed", "malformed", "malformed"];
        assert_eq!(reasons(&hall, 0), expected, "{key}");
        for n in 2..=MAX_SIGNALS {
            hall.set(0, &format!("s{n}"), json!(n));
        }
        hall.settle();
        assert_eq!(reasons(&hall, 0).last().unwrap(), "full");
        let (what, _, id, _) = hall.denials(0).pop().unwrap();
        let last = format!("s{MAX_SIGNALS}");
        assert_eq!((what, id), (Refusable::Signal, Some(last.clone())));
        // What is unset makes room.
        hall.set(0, "most", Value::Null);
        hall.set(0, &last, json!("in"));
        hall.settle();
        assert_eq!(value(&hall, 1, &last), Some(json!("in")));
        assert!(hall.guests[0].is_live(), "a refusal closes nothing");
        assert_eq!(reasons(&hall, 1), Vec::<String>::new());
    }
}

#[test]
fn g3_who_may_only_view_sees_and_sets_nothing() {
    for key in KEYS {
        let mut hall = two(key);
        let reader = hall.join(key, admission(2, Access::View));
        hall.set(0, "count", json!(1));
        hall.settle();
        hall.set(reader, "count", json!(2));
        hall.settle();
        assert_eq!(reasons(&hall, reader), ["not_allowed"]);
        for guest in 0..3 {
            assert_eq!(value(&hall, guest, "count"), Some(json!(1)), "{key}");
        }
    }
}

#[test]
fn g4_who_comes_is_told_what_is_set_also_after_a_sleep_and_a_death() {
    for key in KEYS {
        let mut hall = two(key);
        hall.set(0, "a", json!({ "deep": [1, null] }));
        hall.set(0, "b", json!(1));
        hall.settle();
        hall.set(1, "b", Value::Null);
        hall.settle();
        hall.sleep(key);
        hall.set(1, "c", json!(2));
        hall.settle();
        hall.kill(key);
        hall.settle();
        let late = hall.join(key, admission(3, Access::View));
        hall.settle();
        assert_eq!(value(&hall, late, "a"), Some(json!({ "deep": [1, null] })));
        assert_eq!(value(&hall, late, "b"), None, "{key}");
        assert_eq!(value(&hall, late, "c"), Some(json!(2)));
        // The numbers go on where they were.
        hall.set(late - 1, "a", json!(3));
        hall.settle();
        let revisions = |guest: usize| -> Vec<u64> {
            let told = hall.guests[guest].events.iter();
            let of_a = told.filter_map(|event| match event {
                Event::Signal { name, revision, .. } if name == "a" => Some(*revision),
                _ => None,
            });
            of_a.collect()
        };
        assert!(revisions(late).is_sorted());
        assert_eq!(value(&hall, late, "a"), Some(json!(3)));
    }
}

#[test]
fn g4_what_was_unset_while_a_page_was_away_is_unset_there() {
    for key in KEYS {
        let mut hall = two(key);
        hall.set(0, "a", json!(1));
        hall.set(0, "b", json!(2));
        hall.settle();
        hall.down = true;
        hall.cut(1);
        hall.set(0, "b", Value::Null);
        for _ in 0..5 {
            hall.round();
        }
        hall.down = false;
        hall.settle();
        for (name, expected) in [("a", json!(1)), ("b", Value::Null)] {
            let mut signal = Synced::new(name);
            let events = hall.guests[1].events.iter();
            let values: Vec<Value> = events.filter_map(|it| signal.event(it).value).collect();
            assert_eq!(values.last(), Some(&expected), "{key} {name}");
            // A part of the page that comes later sees the same.
            let mut late = hall.guests[1].client.present().into_iter();
            let late = late.any(
                |it| matches!(it, Output::Event(Event::Signal { name: of, .. }) if of == name),
            );
            assert_eq!(late, !expected.is_null(), "{key} {name}");
        }
    }
}

#[test]
fn g2_nothing_is_told_that_is_not_stored() {
    for key in KEYS {
        let mut hall = two(key);
        hall.set(0, "count", json!(1));
        hall.settle();
        hall.forget();
        hall.objects.get_mut(key).unwrap().shelf.fail = true;
        hall.set(0, "count", json!(2));
        hall.round();
        hall.objects.get_mut(key).unwrap().shelf.fail = false;
        assert_eq!(value(&hall, 1, "count"), None);
        hall.settle();
        assert_eq!(value(&hall, 0, "count"), Some(json!(1)), "{key}");
        assert_eq!(value(&hall, 1, "count"), Some(json!(1)));
        assert!(hall.guests.iter().all(support::hall::Guest::is_live));
    }
}

#[test]
fn t3_who_asks_too_fast_is_told_when_to_go_on() {
    for key in KEYS {
        let mut hall = two(key);
        for n in 0..200 {
            hall.set(0, "count", json!(n));
        }
        while hall.deliver_to_server(0) {}
        hall.round();
        let denials = hall.denials(0);
        assert_eq!(denials.len(), 200 - 60, "{key}");
        let (what, reason, id, wait) = denials[0].clone();
        assert_eq!((what, reason.as_str()), (Refusable::Signal, "too_fast"));
        assert_eq!(id.as_deref(), Some("count"));
        hall.advance(wait.unwrap());
        hall.set(0, "count", json!("again"));
        hall.settle();
        assert_eq!(value(&hall, 1, "count"), Some(json!("again")));
    }
}

#[test]
fn g5_what_a_socket_holds_goes_with_it() {
    for key in KEYS {
        let mut hall = two(key);
        hall.hold(0, "slides", json!(3));
        hall.set(0, "kept", json!(1));
        hall.settle();
        assert_eq!(value(&hall, 1, "slides"), Some(json!(3)));
        hall.sleep(key);
        let late = hall.join(key, admission(2, Access::View));
        hall.settle();
        assert_eq!(value(&hall, late, "slides"), Some(json!(3)), "{key}");
        hall.down = true;
        hall.cut(0);
        for _ in 0..5 {
            hall.round();
        }
        assert_eq!(value(&hall, late, "slides"), Some(Value::Null), "{key}");
        assert_eq!(value(&hall, late, "kept"), Some(json!(1)));
        hall.down = false;
        hall.settle();
        // Nothing of it is stored: an object that dies with its sockets has forgotten.
        hall.hold(0, "slides", json!(4));
        hall.settle();
        hall.kill(key);
        hall.forget();
        hall.settle();
        assert_eq!(value(&hall, late, "slides"), None, "{key}");
        assert_eq!(value(&hall, late, "kept"), Some(json!(1)));
    }
}

#[test]
fn g5_who_set_it_last_holds_it() {
    for key in KEYS {
        let mut hall = two(key);
        hall.set(1, "slides", json!("stored"));
        hall.settle();
        hall.hold(0, "slides", json!(1));
        hall.settle();
        hall.hold(1, "slides", json!(2));
        hall.settle();
        hall.forget();
        hall.down = true;
        hall.cut(0);
        for _ in 0..5 {
            hall.round();
        }
        assert_eq!(value(&hall, 1, "slides"), None, "{key}: nothing was unset");
        hall.down = false;
        hall.settle();
        // Who comes again is told what holds.
        assert_eq!(value(&hall, 0, "slides"), Some(json!(2)));
        // What is set for good is held by nobody.
        hall.set(0, "slides", json!("for good"));
        hall.settle();
        hall.kill(key);
        hall.settle();
        assert_eq!(value(&hall, 0, "slides"), Some(json!("for good")), "{key}");
        hall.hold(0, "slides", json!(5));
        hall.settle();
        hall.kill(key);
        hall.forget();
        hall.settle();
        assert_eq!(value(&hall, 1, "slides"), None, "{key}");
    }
}

#[test]
fn g5_what_is_held_is_small_and_ends_with_the_right() {
    for key in KEYS {
        let mut hall = two(key);
        hall.hold(0, "large", json!("x".repeat(MAX_HELD_BYTES)));
        for n in 0..=MAX_HELD {
            hall.hold(0, &format!("s{n}"), json!(n));
        }
        hall.settle();
        assert_eq!(reasons(&hall, 0), ["too_large", "full"], "{key}");
        // One that is held already is set anew.
        hall.hold(0, "s0", json!("again"));
        hall.settle();
        assert_eq!(value(&hall, 1, "s0"), Some(json!("again")));
        let now = hall.now;
        hall.on(key, |group| {
            let askers = group.askers(None);
            let right = Right {
                access: Access::View,
                until: None,
            };
            let rights: Rights = askers.iter().cloned().map(|it| (it, right)).collect();
            group.rights(&askers, Some(&rights), now)
        });
        hall.settle();
        assert_eq!(value(&hall, 1, "s0"), Some(Value::Null), "{key}");
    }
}
