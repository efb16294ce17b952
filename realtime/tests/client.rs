//! The page's half behind keys of other kinds than notes.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "tests"
)]

use realtime::{
    Access, Ask, Client, Command, Event, Kind, Limits, Link, Message, Output, Part, Person, Status,
};
use uuid::Uuid;

const NOW: u64 = 1_700_000_000_000;

fn hello() -> String {
    let event = Event::Hello {
        you: Person::new(Uuid::from_u128(1), "Ada", 0),
        access: Access::Edit,
        version: 0,
        revision: 0,
        title: "Tea".to_owned(),
        generation: None,
        server: "1".to_owned(),
        limits: Limits {
            text_bytes: 0,
            frame_bytes: 0,
        },
    };
    serde_json::to_string(&event).unwrap()
}

fn message(number: u64, revision: u64) -> Message {
    Message {
        number,
        id: "a".to_owned(),
        person: Person::new(Uuid::from_u128(2), "Ben", 0),
        at: NOW,
        changed_at: None,
        deleted: false,
        revision,
        text: "hello".to_owned(),
        html: "hello".to_owned(),
    }
}

fn open(kind: Kind) -> Client {
    let mut client = Client::new(7, None, kind);
    assert!(
        client
            .start(NOW)
            .contains(&Command::Connect { revision: None })
    );
    let sends = |command: &Command| matches!(command, Command::Send(_) | Command::Say(_));
    assert!(!client.opened(NOW).iter().any(sends), "it speaks first");
    client
}

fn link(commands: &[Command]) -> Option<Link> {
    commands.iter().rev().find_map(|command| match command {
        Command::Tell(Output::Status(Status { link, .. })) => Some(link.clone()),
        _ => None,
    })
}

#[test]
fn a_chat_or_feed_is_live_after_hello_and_sends_no_document_frames() {
    for kind in [Kind::Chat, Kind::Feed] {
        let mut client = open(kind);
        assert!(client.ask(&Ask::Typing).is_empty(), "not live yet");
        let commands = client.receive_text(&hello(), NOW);
        assert_eq!(link(&commands), Some(Link::Live));
        let said = client.ask(&Ask::Typing);
        assert_eq!(said, [Command::Say(r#"{"type":"typing"}"#.to_owned())]);
        assert!(client.receive(&[0, 0, 1, 0], NOW).is_empty());
        assert!(client.show(&serde_json::json!({})).is_empty());
        assert!(client.edit(&[], NOW).is_err());
        assert!(client.tick(NOW + 5_000).contains(&Command::Ping));
        client.closed(1006, "", NOW + 6_000);
        assert!(client.ask(&Ask::Typing).is_empty(), "no longer live");
    }
}

#[test]
fn a_chat_comes_back_with_the_newest_change_it_saw() {
    let mut client = open(Kind::Chat);
    client.receive_text(&hello(), NOW);
    let events = [
        Event::Messages {
            part: Part::Newest,
            messages: vec![message(1, 9), message(2, 4)],
            more: false,
        },
        Event::Message {
            message: message(1, 12),
        },
    ];
    for event in &events {
        client.receive_text(&serde_json::to_string(event).unwrap(), NOW);
    }
    client.closed(1006, "", NOW);
    let again = client.wake(NOW);
    assert!(again.contains(&Command::Connect { revision: Some(12) }));
}

#[test]
fn who_comes_later_on_the_page_is_told_what_holds() {
    let mut client = open(Kind::Chat);
    assert_eq!(client.present().len(), 1, "how the line stands");
    client.receive_text(&hello(), NOW);
    for number in [1, 2] {
        let event = Event::Message {
            message: message(number, number),
        };
        client.receive_text(&serde_json::to_string(&event).unwrap(), NOW);
    }
    let told = client.present();
    assert!(matches!(&told[0], Output::Event(Event::Hello { .. })));
    assert!(matches!(&told[2], Output::Event(Event::Message { message }) if message.number == 2));
    assert!(matches!(&told[3], Output::Status(status) if status.link == Link::Live));
    // A second start is none.
    assert!(client.start(NOW).is_empty());
}
