//! What an open note of a long history holds in memory, and how long opening takes: the
//! whole room, with a view and somebody in it, beside a bare `yrs` document of the same
//! history.

#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::disallowed_methods,
    clippy::print_stdout,
    reason = "a benchmark prints, and stops when something is wrong"
)]

use std::path::PathBuf;
use std::time::Instant;

use note::ClientId;
use note::view::View;
use peak_alloc::PeakAlloc;
use realtime::{Access, Admission, Person, Room, SessionId, Settings, Stored};
use uuid::Uuid;
use yrs::updates::decoder::Decode as _;
use yrs::{Doc, GetString as _, OffsetKind, Options, ReadTxn as _, Transact as _, Update};

#[path = "../../note/benches/support/worn.rs"]
mod worn;

use worn::{Worn, sessions};

#[global_allocator]
static MEMORY: PeakAlloc = PeakAlloc;

const SIZES: [usize; 4] = [1_000, 10_000, 100_000, 1_000_000];
const ROUNDS: usize = 5;

/// Bytes that what is made holds, and milliseconds that making it takes.
fn held<T>(make: impl Fn() -> T) -> (usize, f64) {
    let mut times = Vec::new();
    let mut bytes = 0;
    for _ in 0..ROUNDS {
        let before = MEMORY.current_usage();
        let began = Instant::now();
        let made = make();
        times.push(began.elapsed().as_secs_f64() * 1e3);
        bytes = MEMORY.current_usage() - before;
        drop(made);
    }
    times.sort_unstable_by(f64::total_cmp);
    (bytes, times[ROUNDS / 2])
}

fn bare(snapshot: &[u8]) -> Doc {
    let mut options = Options::with_client_id(yrs::ClientID::new(77));
    options.offset_kind = OffsetKind::Utf16;
    options.skip_gc = false;
    let doc = Doc::with_options(options);
    let text = doc.get_or_insert_text("content");
    doc.transact_mut()
        .apply_update(Update::decode_v1(snapshot).unwrap())
        .unwrap();
    assert!(!text.get_string(&doc.transact()).is_empty());
    assert!(!doc.transact().state_vector().is_empty());
    doc
}

fn room(stored: &Stored) -> Room {
    let client = ClientId(1_000);
    let mut room = Room::open(client, Settings::default(), stored, Vec::new(), 1).unwrap();
    let reader = Admission {
        events: true,
        ..Admission::new(Person::new(Uuid::from_u128(1), "Ada", 0), Access::View)
    };
    // What is sent to them is gone when they have it.
    drop(room.join(SessionId(1), reader, 1));
    room
}

fn main() {
    println!(
        "An open note: bytes held and milliseconds to open it, of the whole room and of a bare `yrs` document"
    );
    println!("     bytes       room       yrs   ratio  room ms   yrs ms  view ms");
    let mut rows = Vec::new();
    for bytes in SIZES {
        let worn = Worn::of(bytes, &sessions());
        let snapshot = worn.load(77).snapshot();
        let text = worn.load(77).text();
        let (plain, loaded) = held(|| bare(&snapshot));
        let (_, rendered) = held(|| View::new(&text));
        let stored = Stored {
            rows: vec![snapshot],
            version: 1,
            ..Stored::default()
        };
        let (whole, opened) = held(|| room(&stored));
        println!(
            "{bytes:>10} {whole:>10} {plain:>9} {:>7.2} {opened:>8.2} {loaded:>8.2} {rendered:>8.2}",
            whole as f64 / plain as f64
        );
        rows.push(serde_json::json!({
            "bytes": bytes, "room": whole, "yrs": plain,
            "room_ms": opened, "yrs_ms": loaded, "view_ms": rendered,
        }));
    }
    let Some(folder) = std::env::var_os("TANDEM_BENCH_DIR").map(PathBuf::from) else {
        return;
    };
    let table = serde_json::json!({ "unit": "bytes", "rows": rows });
    std::fs::write(folder.join("memory.json"), table.to_string()).unwrap();
}
