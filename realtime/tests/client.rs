//! The page's half behind keys of other kinds than notes.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "tests"
)]

use note::{Edit, EditError};
use realtime::frame::Frame;
use realtime::{
    Access, Ask, Client, Command, Event, Kind, Limits, Link, Message, Output, Part, Person, Status,
    Transport,
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
    assert!(client.start(NOW).contains(&by(Transport::WebSocket, None)));
    let sends = |command: &Command| matches!(command, Command::Send(_) | Command::Say(_));
    assert!(!client.opened(NOW).iter().any(sends), "it speaks first");
    client
}

fn by(transport: Transport, revision: Option<u64>) -> Command {
    Command::Connect {
        transport,
        revision,
    }
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
    assert!(again.contains(&by(Transport::WebSocket, Some(12))));
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

/// How a client connects that was closed before anything came, and when.
fn tries(client: &mut Client, count: usize, mut now: u64) -> (Vec<Transport>, u64) {
    let mut transports = Vec::new();
    while transports.len() < count {
        now += 1_000;
        for command in client.tick(now) {
            if let Command::Connect { transport, .. } = command {
                transports.push(transport);
                client.closed(1006, "", now);
            }
        }
    }
    (transports, now)
}

#[test]
fn l1_where_no_websocket_opens_requests_are_tried_in_turn() {
    let mut client = Client::new(7, None, Kind::Chat);
    client.start(NOW);
    client.closed(1006, "", NOW);
    let (transports, _) = tries(&mut client, 4, NOW);
    let [socket, requests] = [Transport::WebSocket, Transport::Requests];
    assert_eq!(transports, [socket, requests, socket, requests]);
    // A feed does without.
    let mut feed = Client::new(7, None, Kind::Feed);
    feed.start(NOW);
    feed.closed(1006, "", NOW);
    assert_eq!(tries(&mut feed, 3, NOW).0, [socket; 3]);
}

#[test]
fn l1_a_websocket_that_opens_and_brings_nothing_counts_as_none() {
    let mut client = Client::new(7, None, Kind::Chat);
    client.start(NOW);
    let mut now = NOW;
    for _ in 0..2 {
        client.opened(now);
        client.closed(1006, "", now);
        now += 10_000;
        client.tick(now);
    }
    let status = client.closed(1006, "", now).pop();
    let Some(Command::Tell(Output::Status(status))) = status else {
        panic!("a status, not {status:?}");
    };
    assert_eq!(status.transport, Transport::Requests);
}

#[test]
fn l2_what_carried_is_tried_first_until_a_websocket_gets_through() {
    let mut client = Client::new(7, None, Kind::Chat);
    client.start(NOW);
    client.closed(1006, "", NOW);
    let (_, mut now) = tries(&mut client, 1, NOW);
    while !client.tick(now).contains(&by(Transport::Requests, None)) {
        now += 1_000;
    }
    client.opened(now);
    client.receive_text(&hello(), now);
    client.closed(1006, "", now);
    let again = client.wake(now);
    assert!(again.contains(&by(Transport::Requests, None)), "{again:?}");

    client.opened(now);
    client.receive_text(&hello(), now);
    let mut probes = Vec::new();
    for second in 1..=70 {
        client.receive_text("pong", now + second * 1_000);
        if client.tick(now + second * 1_000).contains(&Command::Probe) {
            probes.push(second);
        }
    }
    assert_eq!(probes, [1, 3, 7, 15, 31, 63], "ever less often");
    let back = client.socket_works(now + 71_000);
    assert!(back.contains(&Command::Drop));
    assert!(back.contains(&by(Transport::WebSocket, None)), "{back:?}");
    // One that comes late finds a WebSocket in its place.
    assert!(client.socket_works(now + 72_000).is_empty());
}

#[test]
fn v6_a_page_that_rendered_its_view_itself_gets_the_whole_one() {
    let mut client = Client::new(7, Some(4), Kind::Document);
    assert!(
        client
            .start(NOW)
            .contains(&by(Transport::WebSocket, Some(4)))
    );
    client.view_is_own();
    client.opened(NOW);
    let view = |from| {
        let event = Event::View {
            revision: 5,
            from,
            patches: Vec::new(),
        };
        serde_json::to_string(&event).unwrap()
    };
    let commands = client.receive_text(&view(Some(4)), NOW);
    assert!(commands.contains(&Command::Drop), "{commands:?}");
    let again = client.wake(NOW);
    assert!(again.contains(&by(Transport::WebSocket, None)), "{again:?}");
    client.opened(NOW);
    let commands = client.receive_text(&view(None), NOW);
    let told =
        |command: &Command| matches!(command, Command::Tell(Output::Event(Event::View { .. })));
    assert!(commands.iter().any(told));
}

#[test]
fn l1_where_a_websocket_carried_before_the_server_is_out_until_the_network_changes() {
    let mut client = open(Kind::Chat);
    client.receive_text(&hello(), NOW);
    client.closed(1006, "", NOW + 1_000);
    let (transports, now) = tries(&mut client, 8, NOW + 1_000);
    assert_eq!(transports, [Transport::WebSocket; 8]);
    assert!(client.wake(now).contains(&by(Transport::WebSocket, None)));
    client.closed(1006, "", now);
    let (transports, _) = tries(&mut client, 2, now);
    assert_eq!(transports, [Transport::WebSocket, Transport::Requests]);
}

/// How long each of so many tries may take, of which none opens.
fn patience(client: &mut Client, tries: usize, mut now: u64) -> (Vec<u64>, u64) {
    let (mut found, mut since) = (Vec::new(), now);
    while found.len() < tries {
        now += 250;
        for command in client.tick(now) {
            match command {
                Command::Drop => found.push((now - since) / 1_000),
                Command::Connect { .. } => since = now,
                _ => {}
            }
        }
    }
    (found, now)
}

#[test]
fn r2_a_try_that_does_not_open_is_given_up_ever_later() {
    let mut client = Client::new(7, None, Kind::Document);
    client.start(NOW);
    let (found, now) = patience(&mut client, 5, NOW);
    assert_eq!(found, [4, 8, 16, 16, 16]);
    // The network is back: what was tried without one is not waited for.
    client.wake(now);
    assert_eq!(patience(&mut client, 2, now).0, [4, 8]);
}

#[test]
fn r2_a_try_of_before_the_network_was_back_is_given_up_the_sooner() {
    let mut client = Client::new(7, None, Kind::Document);
    client.start(NOW);
    let (_, mut now) = patience(&mut client, 3, NOW);
    while !client
        .tick(now)
        .iter()
        .any(|it| matches!(it, Command::Connect { .. }))
    {
        now += 250;
    }
    client.wake(now);
    assert_eq!(patience(&mut client, 1, now).0, [4]);
}

/// A page of a note whose socket has opened, and who was greeted.
fn greeted() -> Client {
    let mut client = Client::new(7, None, Kind::Document);
    client.start(NOW);
    client.opened(NOW);
    client.receive_text(&hello(), NOW);
    client
}

fn is_given_up(commands: &[Command]) -> bool {
    commands.contains(&Command::Drop)
}

#[test]
fn a_socket_that_is_not_answered_is_given_up_later_each_time() {
    let mut client = greeted();
    let mut now = NOW;
    for waits in [15_000, 30_000, 60_000, 120_000, 120_000] {
        let opened = now;
        while !is_given_up(&client.tick(now)) {
            now += 1_000;
            assert!(now < opened + waits + 2_000, "still waiting after {waits}");
        }
        assert!(now >= opened + waits, "the line may be a slow one");
        now += 10_000;
        client.tick(now);
        client.opened(now);
        client.receive_text(&hello(), now);
    }
}

#[test]
fn a_socket_in_step_is_given_up_when_no_pong_comes() {
    let mut client = greeted();
    client.receive(&Frame::Step1(&[0]).encode(), NOW);
    client.receive(&Frame::Step2(&[0, 0]).encode(), NOW);
    assert!(client.tick(NOW + 6_000).contains(&Command::Ping));
    assert!(is_given_up(&client.tick(NOW + 12_000)));
}

/// A page in step, with a megabyte on its way up.
fn with_a_large_edit() -> Client {
    let mut client = greeted();
    let mut greeting: serde_json::Value = serde_json::from_str(&hello()).unwrap();
    greeting["limits"]["text_bytes"] = (1 << 20).into();
    client.receive_text(&greeting.to_string(), NOW);
    client.receive(&Frame::Step1(&[0]).encode(), NOW);
    client.receive(&Frame::Step2(&[0, 0]).encode(), NOW);
    client
        .edit(&[Edit::new(0, 0, "a".repeat(1 << 20))], NOW)
        .unwrap();
    client
}

#[test]
fn r2_a_large_edit_has_the_time_that_a_slow_line_takes_for_it() {
    let mut client = with_a_large_edit();
    // 0.2 Mbit/s, on which no pong comes before the edit is through.
    let mut now = NOW;
    while now < NOW + 42_000 {
        now += 1_000;
        assert!(!is_given_up(&client.tick(now)), "after {} ms", now - NOW);
    }
    // Its step 2 was the first frame.
    let saved = Event::Saved {
        through: 2,
        version: 1,
    };
    client.receive_text(&serde_json::to_string(&saved).unwrap(), now);
    assert!(client.tick(now + 6_000).contains(&Command::Ping));
    assert!(is_given_up(&client.tick(now + 12_000)), "as ever");
}

#[test]
fn r2_a_line_that_is_lost_under_a_large_edit_is_given_up_all_the_same() {
    let mut client = with_a_large_edit();
    let mut now = NOW;
    while !is_given_up(&client.tick(now)) {
        now += 1_000;
        assert!(now < NOW + 180_000, "still waiting");
    }
}

#[test]
fn r2_who_may_no_longer_write_stays_connected_with_what_is_not_stored() {
    let mut client = with_a_large_edit();
    let lowered = Event::Access {
        access: Access::View,
    };
    client.receive_text(&serde_json::to_string(&lowered).unwrap(), NOW);
    for second in 1..=300 {
        client.receive_text("pong", NOW + second * 1_000);
        let commands = client.tick(NOW + second * 1_000);
        assert!(!is_given_up(&commands), "after {second} s");
    }
}

#[test]
fn each_question_of_the_room_is_answered() {
    let mut client = Client::new(7, None, Kind::Document);
    client.keeps();
    client.start(NOW);
    client.opened(NOW);
    client.receive_text(&hello(), NOW);
    for _ in 0..2 {
        let answers = client.receive(&Frame::Step1(&[0]).encode(), NOW);
        assert!(answers.is_empty(), "the device has not said what it has");
    }
    let answers = client.found(Vec::new(), NOW);
    let answers = answers.iter().filter_map(|command| match command {
        Command::Send(frame) => Frame::decode(frame).ok(),
        _ => None,
    });
    let answers = answers.filter(|frame| matches!(frame, Frame::Step2(_)));
    assert_eq!(answers.count(), 2);
}

#[test]
fn a_note_holds_what_its_greeting_says_also_after_the_first_sync() {
    let mut client = Client::new(7, None, Kind::Document);
    client.start(NOW);
    client.opened(NOW);
    let mut greeting: serde_json::Value = serde_json::from_str(&hello()).unwrap();
    greeting["limits"]["text_bytes"] = 8.into();
    client.receive_text(&greeting.to_string(), NOW);
    client.receive(&Frame::Step2(&[0, 0]).encode(), NOW);
    client.receive(&Frame::Step1(&[0]).encode(), NOW);
    let write = |client: &mut Client, text: &str| client.edit(&[Edit::new(0, 0, text)], NOW);
    assert_eq!(write(&mut client, "123456789"), Err(EditError::Full));
    assert!(write(&mut client, "12345678").is_ok());
}

#[test]
fn a_socket_that_carries_nothing_at_all_is_soon_given_up() {
    let mut client = Client::new(7, None, Kind::Document);
    client.start(NOW);
    client.opened(NOW);
    assert!(client.tick(NOW + 6_000).contains(&Command::Ping));
    assert!(is_given_up(&client.tick(NOW + 12_000)));
}
