//! K2: one action makes one event, whatever the number of sockets it is sent to.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::print_stdout,
    reason = "tests"
)]

mod support;

use std::collections::BTreeMap;

use realtime::{Access, ROW_WINDOW_MS, Who};
use serde_json::json;
use support::admission;
use support::hall::Hall;

const CLIENTS: usize = 50;
/// Those of them that are told in packed turns.
const PACKED: usize = CLIENTS / 2;
const NOTE: &str = "/note/6f2c1a52-3c1e-4d38-9d0a-0d4e8f1b2c3d";
const USER: &str = "/user/6f2c1a52-3c1e-4d38-9d0a-0d4e8f1b2c3d";

/// A key with 50 clients, all quiet.
fn crowd(key: &str) -> Hall {
    let mut hall = Hall::new();
    hall.notify(USER, &[("one", false)]);
    for who in 0..CLIENTS {
        hall.join(key, admission(who as u128, Access::Edit));
    }
    hall.settle();
    hall.advance(5_000);
    hall.settle();
    hall.forget();
    hall
}

/// What was made and sent of each type.
fn assert_told(mut hall: Hall, expected: &[(&str, usize, usize)]) {
    hall.settle();
    let expected: BTreeMap<String, (usize, usize)> = expected
        .iter()
        .map(|(kind, made, sent)| ((*kind).to_owned(), (*made, *sent)))
        .collect();
    assert_eq!(hall.told, expected);
    println!("{CLIENTS} clients: {expected:?}");
}

#[test]
fn k2_an_edit_is_rendered_once_for_50_clients() {
    let mut hall = crowd(NOTE);
    hall.edit(0, 0, "- tea");
    hall.settle();
    hall.forget();
    hall.edit(0, 5, "s");
    // The title is the first line; the update goes to everybody but its author. For
    // those who are told in events it is one frame, and packed with the view another,
    // which the author gets without the update.
    let told = [
        ("binary", 3, CLIENTS),
        ("saved", 1, 1),
        ("title", 1, CLIENTS),
        ("view", 1, CLIENTS - PACKED),
    ];
    assert_told(hall, &told);
}

/// A list of one word, and so long after a key on it that the next goes out at once,
/// but waits so long for its row.
fn with_a_row_due_in(ms: u64) -> Hall {
    let mut hall = crowd(NOTE);
    hall.edit(0, 0, "- tea");
    hall.settle();
    hall.advance(5_000);
    hall.edit(0, 5, "s");
    while hall.round() {}
    hall.advance(ROW_WINDOW_MS - ms);
    hall
}

/// A key is made into the frames of `k2_an_edit_is_rendered_once_for_50_clients`.
fn assert_a_key_went_out(hall: &Hall) {
    let binary = hall.told.get("binary");
    assert_eq!(binary, Some(&(3, CLIENTS)), "{:?}", hall.told);
}

#[test]
fn v7_a_key_that_is_stored_is_shown_with_it() {
    let mut hall = with_a_row_due_in(10);
    hall.edit(0, 6, "!");
    while hall.round() {}
    hall.forget();
    hall.edit(0, 7, "!");
    while hall.round() {}
    assert!(hall.told.is_empty(), "gathered: {:?}", hall.told);
    hall.advance(10);
    while hall.round() {}
    assert_a_key_went_out(&hall);
}

#[test]
fn a1_a_key_waits_for_no_caret() {
    let mut hall = with_a_row_due_in(600);
    hall.point(1, 3);
    while hall.round() {}
    hall.forget();
    hall.edit(0, 6, "!");
    while hall.round() {}
    assert_a_key_went_out(&hall);
}

#[test]
fn k2_a_push_to_a_note_is_rendered_once_for_50_clients() {
    let mut hall = crowd(NOTE);
    let request = realtime::Request {
        by: admission(7, Access::Edit),
        action: realtime::Action::Append {
            text: "tea".to_owned(),
        },
    };
    hall.act(NOTE, &request).unwrap();
    hall.refresh(NOTE, &Who::All);
    // The update was passed on by the action, the view is shown by the push.
    let told = [
        ("binary", 2, CLIENTS + PACKED),
        ("title", 1, CLIENTS),
        ("view", 1, CLIENTS - PACKED),
    ];
    assert_told(hall, &told);
}

#[test]
fn k2_a_message_is_made_once_for_50_clients() {
    let mut hall = crowd("/chat/tea");
    hall.say(0, "tea *is* served");
    assert_told(hall, &[("message", 1, CLIENTS)]);
}

#[test]
fn k2_a_notification_is_made_once_for_50_clients() {
    let mut hall = crowd(USER);
    hall.notify(USER, &[("one", false), ("two", false)]);
    hall.refresh(USER, &Who::All);
    assert_told(hall, &[("notification", 1, CLIENTS)]);
    // Nothing new is nothing told.
    let mut hall = crowd(USER);
    hall.refresh(USER, &Who::All);
    assert_told(hall, &[]);
}

#[test]
fn k2_a_signal_is_made_once_for_50_clients() {
    for key in [NOTE, "/chat/tea"] {
        let mut hall = crowd(key);
        hall.set(0, "follow", json!({ "line": 3 }));
        assert_told(hall, &[("signal", 1, CLIENTS)]);
    }
}
