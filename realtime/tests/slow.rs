//! F6: who does not read what they are sent.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "tests"
)]

mod support;

use realtime::{Access, MAX_UNREAD_BYTES};
use support::admission;
use support::hall::Hall;

const NOTE: &str = "/note/6f2c1a52-3c1e-4d38-9d0a-0d4e8f1b2c3d";

#[test]
fn f6_who_leaves_too_much_unread_is_closed_and_has_everything_once_back() {
    let mut hall = Hall::new();
    let ada = hall.join(NOTE, admission(0, Access::Edit));
    let ben = hall.join(NOTE, admission(1, Access::Edit));
    hall.settle();
    let socket = hall.sockets_of(NOTE, ben)[0];
    let now = hall.now;
    hall.on(NOTE, |group| group.unread(socket, MAX_UNREAD_BYTES, now));
    assert!(hall.closed.is_empty(), "as much as the bound may wait");

    hall.on(NOTE, |group| {
        group.unread(socket, MAX_UNREAD_BYTES + 1, now)
    });
    hall.edit(ada, 0, "tea");
    hall.settle();
    let codes: Vec<u16> = hall
        .closed
        .iter()
        .map(|(_, why)| why.close_code())
        .collect();
    assert_eq!(codes, [4508]);
    hall.advance(10_000);
    hall.settle();
    assert_ne!(hall.sockets_of(NOTE, ben), [socket], "on a new socket");
    assert!(hall.guests[ben].is_live());
    assert_eq!(hall.guests[ben].client.document().text(), "tea");
}

#[test]
fn f6_is_of_every_kind_of_key() {
    for key in [NOTE, "/chat/tea", "/global"] {
        let mut hall = Hall::new();
        let ada = hall.join(key, admission(0, Access::View));
        hall.settle();
        let socket = hall.sockets_of(key, ada)[0];
        let now = hall.now;
        hall.on(key, |group| group.unread(socket, usize::MAX, now));
        let closed: Vec<u16> = hall
            .closed
            .iter()
            .map(|(_, why)| why.close_code())
            .collect();
        assert_eq!(closed, [4508], "{key}");
    }
}
