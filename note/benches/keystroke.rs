//! What a keystroke costs, from a co-author's update to the view's patches, in
//! notes of a long history: written a few characters at a time, by several people,
//! at places all over the text.

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
use note::{ClientId, Document, Edit};

const SIZES: [usize; 4] = [1_000, 10_000, 100_000, 1_000_000];
const WRITERS: u64 = 5;
/// Edits that one writer makes before the next has a turn.
const TURN: usize = 200;
const KEYS: usize = 200;

const PARTS: [&str; 8] = ["a", "so ", "it ", "é", "word ", "on and ", ".\n\n", "one\n"];

fn at_a_character(random: &mut fastrand::Rng, document: &Document) -> u32 {
    // All parts are of characters of one unit.
    random.u32(0..=document.len_utf16())
}

/// A note of about so many bytes in pieces of a few characters, and a co-author who
/// has it too.
fn worn(bytes: usize) -> (Document, Document) {
    let mut random = fastrand::Rng::with_seed(bytes as u64);
    let mut writers: Vec<Document> = (1..=WRITERS)
        .map(|writer| Document::new(ClientId(writer)))
        .collect();
    let mut turn = 0;
    while writers[0].len_bytes() < bytes {
        turn = (turn + 1) % writers.len();
        let updates: Vec<Vec<u8>> = (0..TURN)
            .map(|_| {
                let document = &mut writers[turn];
                let at = at_a_character(&mut random, document);
                let gone = if random.u8(0..4) == 0 {
                    random.u32(1..4)
                } else {
                    0
                };
                let to = (at + gone).min(document.len_utf16());
                let insert = PARTS[random.usize(0..PARTS.len())];
                document.edit(&[Edit::new(at, to, insert)]).unwrap()
            })
            .collect();
        for update in updates {
            for (at, other) in writers.iter_mut().enumerate() {
                if at != turn {
                    let checked = other.check_of_any_size(&update).unwrap();
                    other.apply(&checked).unwrap();
                }
            }
        }
    }
    let snapshot = writers[0].snapshot();
    let load = |client| Document::load(ClientId(client), [snapshot.as_slice()]).unwrap();
    (load(100), load(200))
}

fn median(times: &mut [Duration]) -> f64 {
    times.sort_unstable();
    times[times.len() / 2].as_secs_f64() * 1e6
}

/// Microseconds of each step, of the middle key of all.
fn measure(bytes: usize) -> [f64; 5] {
    let (mut room, mut author) = worn(bytes);
    let mut view = View::new(&room.text());
    let mut random = fastrand::Rng::with_seed(7);
    let mut steps: [Vec<Duration>; 5] = Default::default();
    for _ in 0..KEYS {
        let at = at_a_character(&mut random, &author);
        let mut began = Instant::now();
        let mut done = |step: usize| {
            steps[step].push(began.elapsed());
            began = Instant::now();
        };
        let update = author.edit(&[Edit::new(at, at, "x")]).unwrap();
        done(0);
        let checked = room.check(&update).unwrap();
        done(1);
        let mut changes = Changes::default();
        room.apply_tracked(&checked, &mut changes).unwrap();
        done(2);
        for splice in changes.splices().unwrap() {
            let range = splice.from.byte..splice.to.byte;
            view.replace(range, &splice.insert).unwrap();
        }
        done(3);
        let offset = room.offset(&room.position(at));
        assert_eq!(offset, Some(at));
        done(4);
    }
    assert_eq!(view.source(), room.text());
    steps.map(|mut times| median(&mut times))
}

fn main() {
    let mut rows = Vec::new();
    println!("Microseconds, the middle of {KEYS} keys at places all over a worn note");
    println!("     bytes   write   check  apply   view  cursor");
    for bytes in SIZES {
        let [write, check, apply, view, cursor] = measure(bytes);
        println!("{bytes:>10} {write:>7.1} {check:>7.1} {apply:>6.1} {view:>6.1} {cursor:>7.1}");
        rows.push(serde_json::json!({
            "bytes": bytes, "write": write, "check": check, "apply": apply, "view": view,
            "cursor": cursor,
        }));
    }
    let Some(folder) = std::env::var_os("TANDEM_BENCH_DIR").map(PathBuf::from) else {
        return;
    };
    let table = serde_json::json!({ "unit": "microseconds", "keys": KEYS, "rows": rows });
    std::fs::write(folder.join("keystroke.json"), table.to_string()).unwrap();
}
