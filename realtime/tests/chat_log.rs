//! The chat room as a page has it: order, what is unsent, unread, typing.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "tests"
)]

use realtime::{
    Access, Ask, ChatLog, Event, Limits, Message, Muted, Part, Person, Refusable, UnsentState,
};
use uuid::Uuid;

const NOW: u64 = 1_700_000_000_000;

fn person(name: &str) -> Person {
    Person::new(Uuid::from_u128(name.len() as u128), name, 0)
}

fn ada() -> Person {
    person("Ada")
}

fn charles() -> Person {
    person("Charles")
}

fn hello(access: Access) -> Event {
    Event::Hello {
        you: ada(),
        access,
        version: 0,
        revision: 0,
        title: "Tea".to_owned(),
        generation: None,
        server: "1".to_owned(),
        limits: Limits {
            text_bytes: 0,
            frame_bytes: 0,
        },
    }
}

fn message(number: u64, by: &Person, id: &str) -> Message {
    Message {
        number,
        id: id.to_owned(),
        person: by.clone(),
        at: NOW,
        changed_at: None,
        deleted: false,
        revision: number,
        text: format!("message {number}"),
        html: String::new(),
    }
}

fn told(number: u64, by: &Person, id: &str) -> Event {
    Event::Message {
        message: message(number, by, id),
    }
}

fn part(part: Part, numbers: std::ops::RangeInclusive<u64>, more: bool) -> Event {
    Event::Messages {
        part,
        messages: numbers.map(|it| message(it, &charles(), "c")).collect(),
        more,
    }
}

fn refused(id: &str, retry_after_ms: Option<u64>) -> Event {
    Event::Refused {
        what: Refusable::Message,
        reason: "too_fast".to_owned(),
        message: "Wait a moment.".to_owned(),
        id: Some(id.to_owned()),
        retry_after_ms,
    }
}

fn say(id: &str, text: &str) -> Option<Ask> {
    Some(Ask::Say {
        id: id.to_owned(),
        text: text.to_owned(),
    })
}

fn numbers(log: &ChatLog) -> Vec<u64> {
    log.messages().iter().map(|it| it.number).collect()
}

fn joined() -> ChatLog {
    let mut log = ChatLog::default();
    log.event(&hello(Access::Edit), NOW);
    log
}

#[test]
fn messages_stand_in_order_and_once() {
    let mut log = joined();
    log.event(&part(Part::Newest, 51..=60, true), NOW);
    assert!(log.event(&told(61, &charles(), "c"), NOW));
    assert!(
        !log.event(&told(61, &charles(), "c"), NOW),
        "the same again"
    );
    assert_eq!(log.older(), Some(Ask::History { before: 51 }));
    assert_eq!(log.older(), None, "asked already");
    log.event(&part(Part::Older, 41..=50, true), NOW);
    assert_eq!(numbers(&log), (41..=61).collect::<Vec<_>>());
    assert_eq!(log.older(), Some(Ask::History { before: 41 }));

    // The socket was away; what changed meanwhile comes, an older one among it.
    log.event(&hello(Access::Edit), NOW);
    let mut changed = message(45, &charles(), "c");
    changed.revision = 62;
    changed.text = "better".to_owned();
    let mut far = message(3, &charles(), "c");
    far.revision = 63;
    let event = Event::Messages {
        part: Part::Changed,
        messages: vec![far, changed, message(62, &charles(), "c")],
        more: false,
    };
    log.event(&event, NOW);
    assert_eq!(numbers(&log), (41..=62).collect::<Vec<_>>());
    assert_eq!(log.messages()[4].text, "better");
    assert!(!log.event(&told(45, &charles(), "c"), NOW), "an older word");
    assert_eq!(log.messages()[4].text, "better");
    assert_eq!(log.older(), Some(Ask::History { before: 41 }));
    log.event(&part(Part::Older, 1..=40, false), NOW);
    assert!(!log.has_older());
    assert_eq!(log.older(), None);
    log.event(&part(Part::Newest, 90..=99, true), NOW);
    assert_eq!(numbers(&log), (90..=99).collect::<Vec<_>>());
}

#[test]
fn m10_what_is_written_goes_out_in_order_under_one_id_each() {
    let mut log = joined();
    log.event(&part(Part::Newest, 1..=1, false), NOW);
    assert_eq!(log.say("one", "a", NOW), say("a", "one"));
    assert_eq!(log.say("two", "b", NOW), None, "one is under way");
    // Nothing answered before the socket went; both are still there.
    log.event(&hello(Access::Edit), NOW);
    assert_eq!(log.waiting().len(), 2);
    assert_eq!(log.due(NOW), say("a", "one"));
    assert_eq!(log.due(NOW), None);
    log.event(&told(2, &ada(), "a"), NOW);
    assert_eq!(log.due(NOW), say("b", "two"));
    // Somebody else's id is not mine.
    log.event(&told(3, &charles(), "b"), NOW);
    assert_eq!(log.waiting().len(), 1);
    // A room that does not answer is asked again, under the same id.
    assert_eq!(log.due(NOW + 16_000), say("b", "two"));
    log.event(&told(4, &ada(), "b"), NOW);
    assert!(log.waiting().is_empty());
    assert_eq!(log.due(NOW), None);
}

#[test]
fn m10_what_is_refused_waits_fails_or_is_taken_back() {
    let mut log = joined();
    log.say("one", "a", NOW);
    log.say("two", "b", NOW);
    assert!(log.event(&refused("a", Some(500)), NOW));
    let later = UnsentState::Later {
        at: NOW + 500,
        why: "Wait a moment.".to_owned(),
    };
    assert_eq!(log.waiting()[0].state, later);
    assert_eq!(log.due(NOW + 499), None, "the second does not overtake");
    assert_eq!(log.due(NOW + 500), say("a", "one"));
    log.event(&refused("a", None), NOW + 500);
    let failed = UnsentState::Failed("Wait a moment.".to_owned());
    assert_eq!(log.waiting()[0].state, failed);
    assert_eq!(log.due(NOW + 500), say("b", "two"));
    log.retry("a");
    assert_eq!(log.waiting()[0].state, UnsentState::Sending);
    assert_eq!(log.discard("b"), Some("two".to_owned()));
    assert_eq!(log.due(NOW + 501), say("a", "one"));
    assert_eq!(log.discard("b"), None);
}

#[test]
fn m10_a_change_is_kept_until_the_room_tells_it_or_refuses() {
    let mut log = joined();
    log.event(&told(1, &ada(), "a"), NOW);
    let ask = Some(Ask::Change {
        number: 1,
        text: "better".to_owned(),
    });
    log.changing(1, "better");
    assert!(log.has_unsent());
    assert_eq!(log.due(NOW), None, "it is under way");
    // The socket was dead, though nobody knew.
    log.event(&hello(Access::Edit), NOW);
    assert_eq!(log.due(NOW), None, "what the room has is not here yet");
    log.event(&part(Part::Changed, 2..=2, true), NOW);
    assert_eq!(log.due(NOW), ask);
    assert_eq!(log.due(NOW), None);
    log.event(&told(1, &ada(), "a"), NOW);
    assert!(log.has_unsent(), "that is the text from before");
    let mut changed = message(1, &ada(), "a");
    changed.revision = 2;
    changed.text = "better".to_owned();
    log.event(&Event::Message { message: changed }, NOW);
    assert!(!log.has_unsent());
    assert_eq!(log.take_back("a"), None);

    log.changing(1, "far too long");
    assert_eq!(log.take_back("b"), None, "another message");
    assert_eq!(log.take_back("a"), Some((1, "far too long".to_owned())));
    assert!(!log.has_unsent());
    log.event(&hello(Access::Edit), NOW);
    log.event(&part(Part::Changed, 2..=2, true), NOW);
    assert_eq!(log.due(NOW), None);
}

#[test]
fn unread_is_what_others_wrote_since_i_looked() {
    let mut log = joined();
    log.event(&Event::Seen { number: 10 }, NOW);
    log.event(&part(Part::Newest, 21..=30, true), NOW);
    assert_eq!(log.unread(), 20);
    assert_eq!(log.unread_from(), Some(21));
    assert_eq!(log.seen(30), Some(Ask::Seen { number: 30 }));
    assert_eq!(log.seen(30), None);
    assert_eq!((log.unread(), log.unread_from()), (0, None));
    log.event(&told(31, &ada(), "a"), NOW);
    log.event(&told(32, &charles(), "c"), NOW);
    assert_eq!((log.unread(), log.unread_from()), (1, Some(32)));
    // Seen on another device of mine.
    log.event(&Event::Seen { number: 32 }, NOW);
    assert_eq!(log.unread(), 0);
}

#[test]
fn typing_is_told_and_shown_for_a_few_seconds() {
    let mut log = joined();
    assert_eq!(log.typed(NOW), Some(Ask::Typing));
    assert_eq!(log.typed(NOW + 1_999), None);
    assert_eq!(log.typed(NOW + 2_000), Some(Ask::Typing));
    let typing = |by: &Person| Event::Typing {
        person: by.id,
        name: by.name.clone(),
    };
    log.event(&typing(&charles()), NOW);
    assert!(!log.event(&typing(&ada()), NOW), "my other window");
    assert_eq!(log.typing(NOW + 2_999), ["Charles"]);
    assert!(log.typing(NOW + 3_000).is_empty());
    log.event(&typing(&charles()), NOW);
    log.event(&told(1, &charles(), "c"), NOW);
    assert!(log.typing(NOW).is_empty(), "it is written");
}

#[test]
fn order_is_shown_before_it_refuses() {
    let mut log = joined();
    let order = Event::Order {
        slow_seconds: 10,
        muted: vec![Muted {
            person: ada().id,
            until: NOW + 60_000,
        }],
    };
    log.event(&order, NOW);
    assert_eq!(log.muted_until(NOW), Some(NOW + 60_000));
    assert_eq!(log.muted_until(NOW + 60_000), None);
    assert_eq!(log.wait_ms(NOW), 0);
    log.say("one", "a", NOW);
    log.event(&told(1, &ada(), "a"), NOW);
    assert_eq!(log.wait_ms(NOW + 4_000), 6_000);
    log.event(
        &Event::Access {
            access: Access::Own,
        },
        NOW,
    );
    assert_eq!(log.wait_ms(NOW + 4_000), 0, "who owns the room need not");
}
