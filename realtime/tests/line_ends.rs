//! Line ends are `\n`, whatever client writes.
#![allow(clippy::unwrap_used, clippy::panic, reason = "tests")]

mod support;

use note::{ClientId, Document, Edit};
use realtime::frame::Frame;
use support::Network;

/// Another client's document, which has what the room has.
fn stranger(network: &Network) -> Document {
    let rows = network.disk.stored.rows.iter().map(Vec::as_slice);
    Document::load(ClientId(77), rows).unwrap()
}

#[test]
fn u10_carriage_returns_of_an_update_become_newlines_for_everybody() {
    let mut network = Network::new();
    let (writer, other) = (network.writer(1), network.writer(2));
    network.insert(writer, 0, "one\nfour\n");
    network.settle();
    let mut document = stranger(&network);
    let update = document
        .edit(&[Edit::new(4, 4, "two\r\n😀 three\r"), Edit::new(8, 8, "\r")])
        .unwrap();
    // An honest page of ours writes none: this is the frame of another client.
    network.send_raw(other, Frame::Update(&update).encode());
    network.settle();
    assert_eq!(network.text(), "one\ntwo\n😀 three\nfour\n");
    network.assert_converged();
}

#[test]
fn u10_what_was_gathered_is_mended_too() {
    let mut network = Network::new();
    let (writer, other) = (network.writer(1), network.writer(2));
    network.insert(writer, 0, "ab");
    network.settle();
    let mut document = stranger(&network);
    for (at, words) in [(0, "x"), (1, "\r"), (2, "y\r\n"), (0, "\r\r")] {
        let update = document.edit(&[Edit::new(at, at, words)]).unwrap();
        network.send_raw(other, Frame::Update(&update).encode());
        network.deliver_to_server(other);
    }
    network.settle();
    assert_eq!(network.text().matches('\r').count(), 0);
    assert_eq!(network.text().matches('\n').count(), 4);
    network.assert_converged();
}

#[test]
fn u10_step_2_is_mended_as_well_and_its_sender_acknowledged() {
    let mut network = Network::new();
    let writer = network.writer(1);
    network.cut(writer);
    network.insert(writer, 0, "a\r\nb");
    network.settle();
    assert_eq!(network.text(), "a\nb");
    network.assert_converged();
}
