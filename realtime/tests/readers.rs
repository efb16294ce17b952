//! O: readers of a note's published page.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "tests"
)]

mod support;

use std::collections::BTreeMap;

use note::{ClientId, view::Block};
use realtime::{
    Access, Action, Admission, Asker, Effect, Kept, Outgoing, PublishedPage, Refusal, Request,
    Right, Rights, Room, SessionId, Settings, Stored, Unreadable, Versions, Who,
};
use serde_json::{Value, json};
use support::admission;
use uuid::Uuid;

const NOTE: Uuid = Uuid::from_u128(0x6f2c_1a52_3c1e_4d38_9d0a_0d4e_8f1b_2c3d);
const NOW: u64 = 1_700_000_000_000;
const ADA: SessionId = SessionId(1);
const READER: SessionId = SessionId(11);
const OTHER: SessionId = SessionId(12);
const SLIDES: SessionId = SessionId(13);

/// Nothing was ever stored before.
struct NoVersions;

impl Versions for NoVersions {
    fn rows_of(&self, _version: u64) -> Result<Option<Vec<Vec<u8>>>, Unreadable> {
        Ok(None)
    }
}

/// A room, and what each socket was sent and how it was closed.
struct House {
    room: Room,
    now: u64,
    heard: BTreeMap<SessionId, Vec<Outgoing>>,
    closed: BTreeMap<SessionId, Refusal>,
    attached: BTreeMap<SessionId, Kept>,
    stored: Stored,
    here: Vec<usize>,
    /// Effects that sent something.
    sends: usize,
}

impl House {
    fn new(settings: Settings) -> Self {
        let stored = Stored {
            note: NOTE,
            ..Stored::default()
        };
        let room = Room::open(ClientId(7), settings, &stored, Vec::new(), NOW).unwrap();
        Self {
            room,
            now: NOW,
            heard: BTreeMap::new(),
            closed: BTreeMap::new(),
            attached: BTreeMap::new(),
            stored,
            here: Vec::new(),
            sends: 0,
        }
    }

    fn turn(&mut self, body: impl FnOnce(&mut Room, u64) -> Vec<Effect>) {
        let effects = body(&mut self.room, self.now);
        for effect in effects {
            match effect {
                Effect::Send { to, frame } => {
                    self.sends += 1;
                    for id in to {
                        assert!(!self.closed.contains_key(&id), "{id:?} is closed");
                        self.heard.entry(id).or_default().push(frame.clone());
                    }
                }
                Effect::Close { session, refusal } => {
                    self.attached.remove(&session);
                    self.closed.insert(session, refusal);
                }
                Effect::Doubt(id) => {
                    let kept = self.attached.get_mut(&id).unwrap();
                    kept.progress.clean = None;
                }
                Effect::Attach(id) => {
                    let kept = self.room.attachment(id).unwrap();
                    self.attached.insert(id, kept);
                }
                Effect::Append {
                    version, update, ..
                } => {
                    self.stored.version = version;
                    self.stored.rows.push(update);
                }
                Effect::Here(people) => self.here.push(people),
                _ => {}
            }
        }
    }

    fn join(&mut self, id: SessionId, admission: Admission) {
        self.turn(|room, now| room.join(id, admission, now));
    }

    fn read(&mut self, id: SessionId) {
        self.join(id, reader("plans", false));
    }

    /// Somebody adds to the text over HTTP, and it is shown.
    fn append(&mut self, text: &str) {
        self.now += 1_000;
        let request = Request {
            by: admission(0, Access::Edit),
            action: Action::Append {
                text: text.to_owned(),
            },
        };
        self.turn(|room, now| room.act(&request, &NoVersions, now).unwrap().1);
        self.turn(|room, _| room.refresh(&Who::All));
    }

    fn say(&mut self, id: SessionId, text: &str) {
        self.turn(|room, now| room.receive_text(id, text, now));
    }

    /// What a socket heard, as JSON; readers hear nothing else.
    fn events(&self, id: SessionId) -> Vec<Value> {
        let heard = self.heard.get(&id).into_iter().flatten();
        heard
            .map(|frame| match frame {
                Outgoing::Text(text) => serde_json::from_str(text).unwrap(),
                Outgoing::Binary(_) => panic!("a binary frame for {id:?}"),
            })
            .collect()
    }

    fn forget(&mut self) {
        self.heard.clear();
        self.sends = 0;
    }

    /// Memory goes, sockets and storage stay.
    fn sleep(&mut self) {
        let kept = self.attached.values().cloned().collect();
        let settings = Settings::default();
        self.now += 60_000;
        self.room = Room::open(ClientId(8), settings, &self.stored, kept, self.now).unwrap();
        self.turn(|room, now| room.wake(now));
    }
}

fn reader(slug: &str, slides: bool) -> Admission {
    Admission {
        events: true,
        ..Admission::of_reader(PublishedPage {
            slug: slug.to_owned(),
            slides,
        })
    }
}

/// The page that these events leave.
fn shown(events: &[Value]) -> String {
    let mut blocks: Vec<Block> = Vec::new();
    let mut revision = Value::Null;
    for event in events {
        assert_eq!(event["type"], "view", "{event}");
        if event["from"].is_null() {
            blocks.clear();
        } else {
            assert_eq!(event["from"], revision, "patches follow one another");
        }
        revision = event["revision"].clone();
        let patches: Vec<note::view::Patch> =
            serde_json::from_value(event["patches"].clone()).unwrap();
        note::view::apply_patches(&mut blocks, &patches).unwrap();
    }
    let html: Vec<_> = blocks.into_iter().map(|block| block.html).collect();
    html.join("\n")
}

#[test]
fn o1_a_reader_is_shown_the_view_and_nothing_else() {
    let mut house = House::new(Settings::default());
    house.join(ADA, admission(0, Access::Own));
    house.append("# Plans");
    house.read(READER);
    house.append("\nmore");
    house.turn(|room, now| {
        let request = Request {
            by: admission(0, Access::Own),
            action: Action::SetTitle {
                title: "Secret".to_owned(),
            },
        };
        room.act(&request, &NoVersions, now).unwrap().1
    });
    house.say(ADA, r#"{"type":"set","name":"lead","value":1}"#);
    house.join(SessionId(2), admission(1, Access::View));
    house.turn(|room, now| room.leave(SessionId(2), now));
    let html = shown(&house.events(READER));
    assert!(html.contains("Plans") && html.contains("more"), "{html}");
    let all = serde_json::to_string(&house.events(READER)).unwrap();
    for secret in ["Ada", "Ben", "Secret", "lead", &NOTE.to_string()] {
        assert!(!all.contains(secret), "{secret}: {all}");
    }
}

#[test]
fn o1_a_page_served_with_the_present_view_is_sent_only_what_changes() {
    let mut house = House::new(Settings::default());
    house.append("# Plans");
    house.read(READER);
    let revision = house.events(READER)[0]["revision"].as_u64();
    assert!(house.events(READER)[0]["from"].is_null());
    house.forget();
    house.join(
        OTHER,
        Admission {
            revision,
            ..reader("plans", false)
        },
    );
    assert!(house.events(OTHER).is_empty());
    house.append("\nmore");
    assert_eq!(house.events(OTHER), house.events(READER));
    assert_eq!(house.events(OTHER)[0]["from"].as_u64(), revision);
    assert_eq!(house.sends, 1, "it is made once");
}

#[test]
fn o2_readers_are_nobody_and_have_places_of_their_own() {
    let mut house = House::new(Settings {
        max_sessions: 2,
        max_page_readers: 3,
        ..Settings::default()
    });
    for id in [READER, OTHER, SessionId(14), SessionId(15)] {
        house.read(id);
    }
    assert_eq!(house.closed.remove(&SessionId(15)), Some(Refusal::Crowded));
    house.join(ADA, admission(0, Access::Own));
    house.join(SessionId(2), admission(1, Access::View));
    assert!(house.closed.is_empty());
    house.join(SessionId(3), admission(2, Access::View));
    assert_eq!(house.closed[&SessionId(3)], Refusal::Crowded);
    house.now += 1_000;
    house.turn(|room, now| room.tick(now));
    assert_eq!(house.here.last(), Some(&2));
    let presence =
        |frame: &&Outgoing| matches!(frame, Outgoing::Text(text) if text.contains("\"presence\""));
    let told = house.heard[&ADA].iter().rev().find(presence).unwrap();
    let Outgoing::Text(text) = told else { panic!() };
    let people: Value = serde_json::from_str(text).unwrap();
    assert_eq!(people["people"].as_array().unwrap().len(), 2, "{people}");
    // Who goes makes room.
    house.turn(|room, now| room.leave(READER, now));
    house.read(SessionId(16));
    assert!(!house.closed.contains_key(&SessionId(16)));
}

#[test]
fn o3_whatever_a_reader_sends_closes_it_and_changes_nothing() {
    let frames: [&[u8]; 4] = [&[0, 0, 1, 0], &[0, 2, 2, 0, 0], &[1, 0], &[]];
    let texts = [
        r#"{"type":"set","name":"slides","value":1}"#,
        r#"{"type":"typing"}"#,
        "x",
        "",
    ];
    let mut house = House::new(Settings::default());
    house.append("kept");
    house.join(ADA, admission(0, Access::Own));
    house.forget();
    let mut id = 100;
    let mut next = |house: &mut House| {
        id += 1;
        house.join(SessionId(id), reader("plans", true));
        house.heard.remove(&SessionId(id));
        SessionId(id)
    };
    for bytes in frames {
        let reader = next(&mut house);
        house.turn(|room, now| room.receive(reader, bytes, now));
        assert_eq!(house.closed[&reader], Refusal::Malformed, "{bytes:?}");
        assert!(house.events(reader).is_empty());
    }
    for text in texts {
        let reader = next(&mut house);
        house.say(reader, text);
        assert_eq!(house.closed[&reader], Refusal::Malformed, "{text}");
        assert!(house.events(reader).is_empty());
    }
    assert_eq!(house.room.text(), "kept");
    assert!(house.heard.get(&ADA).is_none_or(Vec::is_empty));
}

/// The host's answer: this is the page's address now, and Ada owns the note.
fn recheck(house: &mut House, slug: Option<&str>) {
    let askers = house.room.askers(None);
    let may = |asker: &Asker| match &asker.page {
        Some(page) => (slug == Some(page)).then_some(Access::View),
        None => Some(Access::Own),
    };
    let right = |asker: &Asker| {
        let access = may(asker)?;
        Some((
            asker.clone(),
            Right {
                access,
                until: None,
            },
        ))
    };
    let rights: Rights = askers.iter().filter_map(right).collect();
    house.turn(|room, now| room.rights(&askers, Some(&rights), now));
}

#[test]
fn o4_readers_go_when_their_page_does() {
    let mut house = House::new(Settings::default());
    house.append("# Plans");
    house.join(ADA, admission(0, Access::Own));
    house.read(READER);
    house.join(OTHER, reader("new-plans", false));
    recheck(&mut house, Some("new-plans"));
    assert_eq!(house.closed.remove(&READER), Some(Refusal::NotFound));
    assert!(house.closed.is_empty(), "{:?}", house.closed);
    house.forget();
    house.append("\nmore");
    assert!(house.events(READER).is_empty());
    assert_eq!(house.events(OTHER).len(), 1);
    recheck(&mut house, None);
    assert_eq!(house.closed.remove(&OTHER), Some(Refusal::NotFound));
    // The note in the trash.
    house.read(READER);
    house.turn(|room, now| room.close_everyone(Refusal::NotFound, now));
    assert_eq!(house.closed[&READER], Refusal::NotFound);
    assert_eq!(house.closed[&ADA], Refusal::NotFound);
}

#[test]
fn o4_all_who_read_one_page_are_one_question() {
    let mut house = House::new(Settings::default());
    for id in 0..50 {
        house.read(SessionId(100 + id));
    }
    assert_eq!(house.room.askers(None).len(), 1);
    // Without an answer they come again through the door.
    let askers = house.room.askers(None);
    house.turn(|room, now| room.rights(&askers, None, now));
    assert_eq!(house.closed.len(), 50);
    assert_eq!(house.closed[&SessionId(100)], Refusal::Storage);
}

#[test]
fn o5_pages_of_slides_hear_which_is_presented_as_a_number_alone() {
    let mut house = House::new(Settings::default());
    house.append("# One\n\n---\n\n# Two");
    house.join(ADA, admission(0, Access::Own));
    house.read(READER);
    house.join(SLIDES, reader("plans", true));
    let slide = |house: &House| {
        let events = house.events(SLIDES);
        let last = events.iter().rev().find(|event| event["type"] == "signal");
        let last = last.unwrap().as_object().unwrap().clone();
        assert_eq!(last.len(), 4, "{last:?}");
        assert_eq!(last["name"], "slides");
        last["value"].clone()
    };
    assert_eq!(slide(&house), Value::Null);
    house.say(
        ADA,
        r#"{"type":"set","name":"slides","value":1,"while_here":true}"#,
    );
    assert_eq!(slide(&house), json!(1));
    let before = house.events(SLIDES).len();
    house.say(ADA, r#"{"type":"set","name":"lead","value":"Ada"}"#);
    assert_eq!(house.events(SLIDES).len(), before, "another signal");
    house.say(
        ADA,
        r#"{"type":"set","name":"slides","value":{"at":3,"page":77,"word":1},"while_here":true}"#,
    );
    assert_eq!(slide(&house), json!(3));
    for secret in [
        r#""Ada""#,
        "-1",
        "1.5",
        r#"{"person":"Ada"}"#,
        r#"{"at":"Ada"}"#,
        "null",
    ] {
        house.say(
            ADA,
            &format!(r#"{{"type":"set","name":"slides","value":{secret}}}"#),
        );
        assert_eq!(slide(&house), Value::Null, "{secret}");
    }
    house.say(
        ADA,
        r#"{"type":"set","name":"slides","value":2,"while_here":true}"#,
    );
    house.sleep();
    house.join(OTHER, reader("plans", true));
    let told = house.events(OTHER);
    assert_eq!(told.last().unwrap()["value"], json!(2));
    // Who presents goes: nobody does any more.
    house.turn(|room, now| room.leave(ADA, now));
    assert_eq!(slide(&house), Value::Null);
    assert!(
        house
            .events(READER)
            .iter()
            .all(|event| event["type"] == "view")
    );
}

#[test]
fn o1_after_a_sleep_a_patch_is_enough_also_where_nobody_else_is_here() {
    let mut house = House::new(Settings::default());
    house.append("# Plans");
    house.read(READER);
    house.sleep();
    house.append("\nmore");
    house.sleep();
    house.append("\nand more");
    let events = house.events(READER);
    let whole = events.iter().filter(|event| event["from"].is_null());
    assert_eq!(whole.count(), 1, "{events:?}");
    assert!(shown(&events).contains("and more"));
}
