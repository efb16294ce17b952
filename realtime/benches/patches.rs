//! How long the patches of whole writing sessions are: of each edit what a page is sent
//! beside the update when it hears packed turns, and the HTML of the blocks that changed.
//! Recorded sessions where `TANDEM_TRACES` names some, else one from a seed.

#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::disallowed_methods,
    clippy::print_stdout,
    reason = "a benchmark prints, and stops when something is wrong"
)]

use note::{ClientId, Document, Edit};
use realtime::frame::Frame;
use realtime::packed::Turn;
use realtime::{
    Access, Admission, Effect, Outgoing, Person, Room, SessionId, Settings, Stored, Timestamp,
};
use ropey::Rope;
use serde_json::Value;
use uuid::Uuid;

#[path = "../../note/benches/support/worn.rs"]
mod worn;

use worn::Session;

/// Longer than the window in which edits are gathered: each is a turn of its own.
const BETWEEN_EDITS_MS: Timestamp = 1_000;

const WRITER: SessionId = SessionId(1);
const PLAIN: SessionId = SessionId(2);
const PACKED: SessionId = SessionId(3);

/// What an edit came to, in bytes.
#[derive(Default)]
struct Told {
    patch: Vec<usize>,
    html: Vec<usize>,
}

impl Told {
    /// Adds what an effect tells of the view.
    fn hear(&mut self, effect: &Effect) {
        let Effect::Send { to, frame } = effect else {
            return;
        };
        match frame {
            Outgoing::Binary(frame) if to.contains(&PACKED) => {
                if let Ok(turn) = Turn::decode(frame) {
                    *self.patch.last_mut().unwrap() += frame.len() - turn.update.len();
                }
            }
            Outgoing::Text(text) if to.contains(&PLAIN) => {
                let event: Value = serde_json::from_str(text).unwrap();
                let patches = event["patches"].as_array().into_iter().flatten();
                let blocks = patches.flat_map(|patch| patch["insert"].as_array().unwrap());
                let html = blocks.map(|block| block["html"].as_str().unwrap().len());
                *self.html.last_mut().unwrap() += html.sum::<usize>();
            }
            _ => {}
        }
    }
}

fn admission(id: SessionId, packed: bool) -> Admission {
    let person = Person::new(Uuid::from_u128(u128::from(id.0)), "Ada", 0);
    Admission {
        events: true,
        packed,
        ..Admission::new(person, Access::Edit)
    }
}

/// One session in a note of its own, and what it came to.
fn replay(name: usize, session: &Session) -> serde_json::Value {
    let (settings, nothing) = (Settings::default(), Stored::default());
    let mut room = Room::open(ClientId(1_000), settings, &nothing, Vec::new(), 1).unwrap();
    for (id, packed) in [(WRITER, false), (PLAIN, false), (PACKED, true)] {
        room.join(id, admission(id, packed), 1);
    }
    let mut author = Document::new(ClientId(77));
    let mut text = Rope::new();
    let mut told = Told::default();
    let mut now = 1;
    for (at, gone, insert) in session {
        let [from, to] = [*at, at + gone].map(|at| text.char_to_utf16_cu(at) as u32);
        text.remove(*at..at + gone);
        text.insert(*at, insert);
        let update = author.edit(&[Edit::new(from, to, insert)]).unwrap();
        now += BETWEEN_EDITS_MS;
        told.patch.push(0);
        told.html.push(0);
        let frame = Frame::Update(&update).encode();
        let effects = room.receive(WRITER, &frame, now);
        effects.iter().for_each(|effect| told.hear(effect));
    }
    let edits = session.len();
    let [patch, html] = [&mut told.patch, &mut told.html].map(|bytes| Spread::of(bytes));
    println!(
        "{name:>8} {edits:>8} {:>7.1} {:>5} {:>6} {:>7.1} {:>5} {:>6} {:>7.3}",
        patch.mean,
        patch.p50,
        patch.p99,
        html.mean,
        html.p50,
        html.p99,
        patch.mean / html.mean
    );
    serde_json::json!({ "edits": edits, "patch": patch.mean, "html": html.mean })
}

struct Spread {
    mean: f64,
    p50: usize,
    p99: usize,
}

impl Spread {
    fn of(bytes: &mut [usize]) -> Self {
        bytes.sort_unstable();
        let at = |share: usize| bytes[(bytes.len() - 1) * share / 100];
        Self {
            mean: bytes.iter().sum::<usize>() as f64 / bytes.len() as f64,
            p50: at(50),
            p99: at(99),
        }
    }
}

fn main() {
    println!("Bytes of an edit's patch as it is packed, and of the HTML of the blocks it changes");
    println!(" session    edits   patch   p50    p99    html   p50    p99   ratio");
    worn::replay_each("patches", "bytes", replay);
}
