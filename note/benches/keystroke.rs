//! What a keystroke costs, from a co-author's update to the view's patches, in
//! notes of a long history (`support/worn.rs`), one size after the other in each
//! round. Beside it what it would cost to render the note, and what the guard takes
//! of what `yrs` and the order take.

#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::disallowed_methods,
    clippy::print_stdout,
    reason = "a benchmark prints, and stops when something is wrong"
)]

use std::path::PathBuf;
use std::time::{Duration, Instant};

use note::changes::Changes;
use note::view::View;
use note::{Document, Edit};
use pulldown_cmark::Parser;
use pulldown_cmark::html::push_html;

#[path = "support/worn.rs"]
mod worn;

use worn::{Worn, sessions};

const SIZES: [usize; 4] = [1_000, 10_000, 100_000, 1_000_000];
const ROUNDS: usize = 20;
const KEYS_A_ROUND: usize = 50;

const STEPS: [&str; 7] = [
    "write", "check", "apply", "view", "turn", "cursor", "render",
];
const WRITE: usize = 0;
const CHECK: usize = 1;
const APPLY: usize = 2;
const VIEW: usize = 3;
const TURN: usize = 4;
const CURSOR: usize = 5;
const RENDER: usize = 6;

/// A note, a co-author of it, and what its keys took.
struct Note {
    bytes: usize,
    room: Document,
    author: Document,
    view: View,
    random: fastrand::Rng,
    times: [Vec<Duration>; STEPS.len()],
}

impl Note {
    fn of(bytes: usize) -> Self {
        let worn = Worn::of(bytes, &sessions());
        let room = worn.load(100);
        Self {
            bytes,
            view: View::new(&room.text()),
            room,
            author: worn.load(200),
            random: fastrand::Rng::with_seed(7),
            times: Default::default(),
        }
    }

    fn key(&mut self) {
        let at = self.random.u32(0..=self.author.len_utf16());
        let mut began = Instant::now();
        let Ok(update) = self.author.edit(&[Edit::new(at, at, "x")]) else {
            // Within a character of two units.
            return;
        };
        let mut turn = Duration::ZERO;
        let mut done = |step: usize| {
            let took = began.elapsed();
            self.times[step].push(took);
            turn += if step == WRITE { Duration::ZERO } else { took };
            began = Instant::now();
            turn
        };
        done(WRITE);
        let checked = self.room.check(&update).unwrap();
        done(CHECK);
        let mut changes = Changes::default();
        self.room.apply_tracked(&checked, &mut changes).unwrap();
        done(APPLY);
        for splice in changes.splices().unwrap() {
            let range = splice.from.byte..splice.to.byte;
            self.view.replace(range, &splice.insert).unwrap();
        }
        let turn = done(VIEW);
        let offset = self.room.offset(&self.room.position(at));
        assert_eq!(offset, Some(at));
        done(CURSOR);
        self.times[TURN].push(turn);
    }

    /// Reads and renders it all, as the naive way would for each key, with what the
    /// parser brings along for that: our own view of it all takes longer.
    fn render(&mut self) {
        let began = Instant::now();
        let text = self.room.text();
        let mut html = String::new();
        push_html(&mut html, Parser::new(&text));
        self.times[RENDER].push(began.elapsed());
        assert!(html.len() > text.len());
    }

    fn row(&mut self) -> serde_json::Value {
        let times = STEPS.iter().zip(&mut self.times);
        let steps = times.map(|(step, times)| (*step, quantiles(times)));
        let mut row: serde_json::Map<_, _> = steps
            .map(|(step, (p50, p99))| {
                (
                    step.to_owned(),
                    serde_json::json!({ "p50": p50, "p99": p99 }),
                )
            })
            .collect();
        row.insert("bytes".to_owned(), self.bytes.into());
        row.into()
    }
}

/// Microseconds of the middle one, and of the one that 99 of a hundred are faster than.
fn quantiles(times: &mut [Duration]) -> (f64, f64) {
    times.sort_unstable();
    let at = |share: usize| times[(times.len() - 1) * share / 100].as_secs_f64() * 1e6;
    (at(50), at(99))
}

fn main() {
    let mut notes: Vec<Note> = SIZES.into_iter().map(Note::of).collect();
    for _ in 0..ROUNDS {
        for note in &mut notes {
            (0..KEYS_A_ROUND).for_each(|_| note.key());
            note.render();
        }
    }
    let wear = if sessions().is_empty() {
        "seeded writing"
    } else {
        "recorded sessions"
    };
    println!("Microseconds of a key at places all over a note worn by {wear}: p50 / p99");
    println!(
        "{:>10}{}",
        "bytes",
        STEPS.map(|step| format!("{step:>16}")).concat()
    );
    let rows: Vec<_> = notes.iter_mut().map(Note::row).collect();
    for row in &rows {
        let steps = STEPS.map(|step| {
            let figure = |share: &str| row[step][share].as_f64().unwrap();
            format!(
                "{:>16}",
                format!("{:.1} / {:.1}", figure("p50"), figure("p99"))
            )
        });
        println!("{:>10}{}", row["bytes"].to_string(), steps.concat());
    }
    let p50 = |row: &serde_json::Value, step: &str| row[step]["p50"].as_f64().unwrap();
    let (small, large) = (&rows[0], &rows[SIZES.len() - 1]);
    println!(
        "The turn at 1 MB is {:.2} times that at 1 kB.",
        p50(large, "turn") / p50(small, "turn")
    );
    for row in &rows {
        println!(
            "At {:>8} bytes the view takes 1/{:.0} of rendering it all, the guard 1/{:.1} of the apply.",
            row["bytes"].to_string(),
            p50(row, "render") / p50(row, "view"),
            p50(row, "apply") / p50(row, "check"),
        );
    }
    for note in &notes {
        assert_eq!(note.view.source(), note.room.text());
        assert_eq!(note.view.html(), View::new(&note.room.text()).html());
    }
    let Some(folder) = std::env::var_os("TANDEM_BENCH_DIR").map(PathBuf::from) else {
        return;
    };
    let table = serde_json::json!({ "unit": "microseconds", "rows": rows });
    std::fs::write(folder.join("keystroke.json"), table.to_string()).unwrap();
}
