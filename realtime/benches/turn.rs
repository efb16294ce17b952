//! What a keystroke's whole turn costs the room, from the frame to the effects: guard,
//! apply, the row, the view's patches, the frames for everybody. Notes of a long
//! history from 1 kB to 1 MB in turn; and how long the frames for a reader are.

#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::disallowed_methods,
    clippy::print_stdout,
    reason = "a benchmark prints, and stops when something is wrong"
)]

use std::path::PathBuf;
use std::time::{Duration, Instant};

use note::{ClientId, Document, Edit};
use realtime::frame::Frame;
use realtime::{
    Access, Admission, Effect, Outgoing, Person, Room, SessionId, Settings, Stored, Timestamp,
};
use uuid::Uuid;

#[path = "../../note/benches/support/worn.rs"]
mod worn;

use worn::{Worn, sessions};

const SIZES: [usize; 4] = [1_000, 10_000, 100_000, 1_000_000];
const ROUNDS: usize = 20;
const KEYS_A_ROUND: usize = 50;
/// Longer than any window, so that each key is sent, stored and rendered by itself.
const BETWEEN_KEYS_MS: Timestamp = 1_000;

const WRITER: SessionId = SessionId(1);
const READER: SessionId = SessionId(2);

/// A room, who types in it, and what the keys took.
struct Note {
    bytes: usize,
    room: Room,
    author: Document,
    random: fastrand::Rng,
    now: Timestamp,
    times: Vec<Duration>,
    told: usize,
}

impl Note {
    fn of(bytes: usize) -> Self {
        let worn = Worn::of(bytes, &sessions());
        let author = worn.load(77);
        let stored = Stored {
            rows: vec![author.snapshot()],
            version: 1,
            ..Stored::default()
        };
        let client = ClientId(1_000);
        let mut room = Room::open(client, Settings::default(), &stored, Vec::new(), 1).unwrap();
        for (id, name) in [(WRITER, "Ada"), (READER, "Ben")] {
            room.join(id, admission(id, name), 1);
        }
        Self {
            bytes,
            room,
            author,
            random: fastrand::Rng::with_seed(7),
            now: BETWEEN_KEYS_MS,
            times: Vec::new(),
            told: 0,
        }
    }

    fn key(&mut self) {
        let at = self.random.u32(0..=self.author.len_utf16());
        let Ok(update) = self.author.edit(&[Edit::new(at, at, "x")]) else {
            // Within a character of two units.
            return;
        };
        let frame = Frame::Update(&update).encode();
        self.now += BETWEEN_KEYS_MS;
        let began = Instant::now();
        let effects = self.room.receive(WRITER, &frame, self.now);
        self.times.push(began.elapsed());
        let row = |effect: &Effect| matches!(effect, Effect::Append { .. });
        assert_eq!(effects.iter().filter(|effect| row(effect)).count(), 1);
        self.told += effects.iter().map(bytes_for_the_reader).sum::<usize>();
    }
}

fn admission(id: SessionId, name: &str) -> Admission {
    Admission {
        events: true,
        ..Admission::new(
            Person::new(Uuid::from_u128(u128::from(id.0)), name, 0),
            Access::Edit,
        )
    }
}

fn bytes_for_the_reader(effect: &Effect) -> usize {
    match effect {
        Effect::Send { to, frame } if to.contains(&READER) => match frame {
            Outgoing::Binary(bytes) => bytes.len(),
            Outgoing::Text(text) => text.len(),
        },
        _ => 0,
    }
}

fn main() {
    let mut notes: Vec<Note> = SIZES.into_iter().map(Note::of).collect();
    for _ in 0..ROUNDS {
        for note in &mut notes {
            (0..KEYS_A_ROUND).for_each(|_| note.key());
        }
    }
    println!("The room's turn for a key at places all over a worn note, microseconds,");
    println!("and the bytes of the frames that a reader gets of it");
    println!("     bytes      p50      p99   ratio    told   ratio");
    let mut rows: Vec<[f64; 4]> = Vec::new();
    for note in &mut notes {
        note.times.sort_unstable();
        let last = note.times.len() - 1;
        let at = |share: usize| note.times[last * share / 100].as_secs_f64() * 1e6;
        let told = note.told as f64 / note.times.len() as f64;
        rows.push([note.bytes as f64, at(50), at(99), told]);
    }
    let small = rows[0];
    for [bytes, p50, p99, told] in &rows {
        let (grown, longer) = (p50 / small[1], told / small[3]);
        println!("{bytes:>10} {p50:>8.1} {p99:>8.1} {grown:>7.2} {told:>7.0} {longer:>7.2}");
    }
    let Some(folder) = std::env::var_os("TANDEM_BENCH_DIR").map(PathBuf::from) else {
        return;
    };
    let table = serde_json::json!({ "unit": "microseconds", "rows": rows });
    std::fs::write(folder.join("room.json"), table.to_string()).unwrap();
}
