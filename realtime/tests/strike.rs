//! W5: a frame that brings the instance down costs its sender the socket, and nobody
//! else anything.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "tests"
)]

mod support;

use realtime::{Event, Link, Refusal};
use support::hall::Hall;

const NOTE: &str = "/note/6f2c1a52-3c1e-4d38-9d0a-0d4e8f1b2c3d";
const CHAT: &str = "/chat/tea";

fn link(hall: &Hall, guest: usize) -> &Link {
    &hall.guests[guest].status.as_ref().unwrap().link
}

fn people_here(hall: &Hall, guest: usize) -> Option<usize> {
    let events = hall.guests[guest].events.iter().rev();
    let mut here = events.filter_map(|event| match event {
        Event::Presence { people } => Some(people.len()),
        _ => None,
    });
    here.next()
}

/// The culprit is closed for good, and the others stay where they are.
fn assert_struck(hall: &Hall, culprit: usize) {
    let closed: Vec<Refusal> = hall.closed.iter().map(|(_, refusal)| *refusal).collect();
    assert_eq!(closed, [Refusal::Malformed]);
    for guest in 0..3 {
        if guest == culprit {
            assert!(matches!(link(hall, guest), Link::Closed { code: 4400, .. }));
        } else {
            assert_eq!(*link(hall, guest), Link::Live);
            assert_eq!(people_here(hall, guest), Some(2));
        }
    }
}

#[test]
fn w5_in_a_note_the_culprit_is_closed_and_the_others_go_on() {
    let mut hall = Hall::of_three(NOTE);
    hall.edit(0, 0, "tea is served");
    hall.settle();
    hall.edit(1, 0, "a frame that panics");
    hall.panic_at(1);
    hall.edit(2, 13, ", and coffee");
    hall.settle();
    assert_struck(&hall, 1);
    assert_eq!(hall.text(NOTE), "tea is served, and coffee");
    for guest in [0, 2] {
        let text = hall.guests[guest].client.document().text();
        assert_eq!(text, "tea is served, and coffee");
    }
    // It is in the culprit's page still, and nothing calls it saved.
    let culprit = &hall.guests[1];
    assert!(culprit.client.document().text().contains("panics"));
    assert_eq!(culprit.status.as_ref().unwrap().waiting, 1);
}

#[test]
fn w5_what_came_before_the_frame_is_not_lost_with_it() {
    let mut hall = Hall::of_three(NOTE);
    hall.edit(1, 0, "one ");
    hall.settle();
    // The second waits for its row when the third brings the instance down.
    hall.edit(1, 4, "two ");
    hall.deliver_to_server(1);
    hall.edit(1, 8, "three");
    hall.advance(20);
    while hall.deliver_to_page(0) {}
    hall.panic_at(1);
    hall.refresh(NOTE, &realtime::Who::All);
    hall.settle();
    assert_struck(&hall, 1);
    assert_eq!(hall.text(NOTE), "one two ", "who had seen it brought it");
}

#[test]
fn w5_in_a_chat_the_culprit_is_closed_and_the_others_go_on() {
    let mut hall = Hall::of_three(CHAT);
    hall.say(1, "a message that panics");
    hall.panic_at(1);
    hall.say(0, "tea?");
    hall.settle();
    assert_struck(&hall, 1);
    for guest in [0, 2] {
        let messages = hall.guests[guest].log.messages();
        let texts: Vec<&str> = messages.iter().map(|it| it.text.as_str()).collect();
        assert_eq!(texts, ["tea?"]);
    }
    assert_eq!(hall.guests[1].log.waiting().len(), 1);
}

#[test]
fn w5_a_loss_of_memory_without_a_mark_closes_nobody() {
    for key in [NOTE, CHAT] {
        let mut hall = Hall::of_three(key);
        hall.sleep(key);
        hall.refresh(key, &realtime::Who::All);
        hall.settle();
        assert!(hall.closed.is_empty(), "{key}");
    }
}
