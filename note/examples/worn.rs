//! Writes worn notes into a folder, for benchmarks that drive the real engine: of each
//! size the updates that make it, and those of a co-author's keys at places all over
//! it. `cargo run --release -p note --example worn -- <folder> <keys> <size>…`

#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a tool for benchmarks stops when something is wrong"
)]

use std::path::Path;

use note::Edit;

#[path = "../benches/support/worn.rs"]
mod worn;

use worn::Worn;

/// The co-author who types.
const TYPIST: u64 = 77;

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let folder = Path::new(&arguments[0]);
    let keys: usize = arguments[1].parse().unwrap();
    let sessions = worn::sessions();
    for size in &arguments[2..] {
        let worn = Worn::of(size.parse().unwrap(), &sessions);
        let mut author = worn.load(TYPIST);
        let mut random = fastrand::Rng::with_seed(7);
        let mut typed = Vec::with_capacity(keys);
        while typed.len() < keys {
            let at = random.u32(0..=author.len_utf16());
            // An error: that is within a character of two units.
            typed.extend(author.edit(&[Edit::new(at, at, "x")]));
        }
        write(&folder.join(format!("{size}.updates")), &worn.updates);
        write(&folder.join(format!("{size}.keys")), &typed);
    }
}

/// Each update after its length, four bytes, the smallest first.
fn write(file: &Path, updates: &[Vec<u8>]) {
    let mut bytes = Vec::new();
    for update in updates {
        bytes.extend((update.len() as u32).to_le_bytes());
        bytes.extend(update);
    }
    std::fs::write(file, bytes).unwrap();
}
