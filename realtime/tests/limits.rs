//! Limits that an instance sets for itself.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "tests"
)]

mod support;

use note::{ClientId, Document, Edit};
use realtime::frame::Frame;
use realtime::{Access, Effect, Outgoing, Refusal, Room, SessionId, Settings, Stored};
use serde_json::Value;
use support::admission;

const ADA: SessionId = SessionId(1);

fn events(effects: &[Effect]) -> Vec<Value> {
    let texts = effects.iter().filter_map(|effect| match effect {
        Effect::Send {
            frame: Outgoing::Text(text),
            ..
        } => serde_json::from_str(text).ok(),
        _ => None,
    });
    texts.collect()
}

#[test]
fn a_note_holds_and_a_socket_sends_what_the_instance_says() {
    let settings = Settings {
        max_text_bytes: 8,
        frame_burst: 3,
        frames_a_second: 1,
        ..Settings::default()
    };
    let stored = Stored::default();
    let mut room = Room::open(ClientId(9), settings, &stored, Vec::new(), 1).unwrap();
    let hello = events(&room.join(ADA, admission(1, Access::Edit), 1)).remove(0);
    assert_eq!(hello["limits"]["text_bytes"], 8);
    let update = |text: &str| {
        let mut author = Document::new(ClientId(5));
        let update = author.edit(&[Edit::new(0, 0, text)]).unwrap();
        Frame::Update(&update).encode()
    };
    let refused = events(&room.receive(ADA, &update("123456789"), 1));
    assert_eq!(refused[0]["reason"], "full");
    room.receive(ADA, &update("12345678"), 1);
    assert_eq!(room.text(), "12345678");
    room.receive(ADA, &update("12345678"), 1);
    let fourth = room.receive(ADA, &update("12345678"), 1);
    let is_closed = |effect: &Effect| matches!(effect, Effect::Close { refusal, .. } if *refusal == Refusal::TooFast);
    assert!(fourth.iter().any(is_closed), "{fourth:?}");
}
