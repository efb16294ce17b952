//! Whatever bytes arrive: no panic, no hang, no great allocation, and the honest
//! writers go on.
//!
//! One test to a binary: it measures the memory of the whole process.

#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a failing test should stop"
)]

#[path = "support/mutation.rs"]
mod mutation;
#[path = "support/session.rs"]
mod session;

use mutation::mutated;
use note::{ClientId, Document, Edit, UpdateError};
use peak_alloc::PeakAlloc;
use session::{play, replicas};

#[global_allocator]
static MEMORY: PeakAlloc = PeakAlloc;

/// Mutations a run, of which `TANDEM_MUTATIONS` names another number.
const MUTATIONS: u64 = 200_000;

/// The most that one frame may add to the memory in use, in bytes.
const MAX_GROWTH: usize = 16 << 20;

/// How many hostile frames one document gets before it is left.
const MAX_SEQUENCE: usize = 40;

#[test]
#[expect(
    clippy::print_stdout,
    reason = "a long run by hand is told by its counts"
)]
fn mutated_updates_harm_nobody() {
    let wanted = std::env::var("TANDEM_MUTATIONS")
        .ok()
        .and_then(|text| text.parse().ok());
    let wanted = wanted.unwrap_or(MUTATIONS);
    let first_seed = std::env::var("TANDEM_SEED")
        .ok()
        .and_then(|text| text.parse().ok())
        .unwrap_or(1);
    let mut counts = Counts::default();
    let mut seed = first_seed;
    while counts.tried < wanted {
        attack(seed, &mut counts);
        seed += 1;
    }
    println!("{counts:?}, seeds {first_seed}..{seed}");
    assert!(
        counts.taken > counts.tried / 200,
        "mutations do get through: {counts:?}"
    );
    assert!(
        counts.gaps > counts.tried / 200,
        "mutations do make gaps: {counts:?}"
    );
}

#[derive(Debug, Default)]
struct Counts {
    tried: u64,
    taken: u64,
    gaps: u64,
    /// How often a document that took in hostile frames was looked over.
    looked_at: u64,
    largest_growth: usize,
}

/// Plays an honest session, and sends mutations of it to one of its documents,
/// first each to a fresh one, then one after the other.
fn attack(seed: u64, counts: &mut Counts) {
    let mut random = fastrand::Rng::with_seed(seed);
    let mut peers = replicas(&[5, 1_000, 4_000_000_000]);
    let turns = random.usize(3..30);
    let mut corpus = play(&mut random, &mut peers, turns);
    let base = peers[0].snapshot();
    corpus.push(base.clone());
    corpus.push(peers[1].snapshot());
    corpus.push(peers[2].diff(&peers[0].state_vector()).unwrap());
    let told = |round: usize| format!("TANDEM_SEED={seed}, round {round}");
    let mut document = load(&base);
    let mut sequence = 0;
    for round in 0..800 {
        let frame = mutated(&mut random, &corpus);
        counts.tried += 1;
        let before = MEMORY.current_usage();
        MEMORY.reset_peak_usage();
        let outcome = document.check(&frame).and_then(|checked| {
            if random.bool() {
                document_apply(&mut load_copy(&document), &checked)?;
            }
            Ok(checked)
        });
        match outcome {
            Err(UpdateError::Gap) => counts.gaps += 1,
            Err(UpdateError::Malformed(_)) => {}
            Err(error) => panic_with(&told(round), &frame, &error),
            Ok(checked) => {
                counts.taken += 1;
                if let Err(error) = document_apply(&mut document, &checked) {
                    panic_with(&told(round), &frame, &error);
                }
                sequence += 1;
            }
        }
        let growth = MEMORY.peak_usage().saturating_sub(before);
        counts.largest_growth = counts.largest_growth.max(growth);
        assert!(
            growth < MAX_GROWTH,
            "{}: {growth} bytes for {frame:02x?}",
            told(round)
        );
        if sequence > 0 && (round < 200 || sequence > MAX_SEQUENCE) {
            stays_whole(&mut document, counts, &told(round), &frame);
            document = load(&base);
            sequence = 0;
        }
    }
    stays_whole(&mut document, counts, &told(800), &[]);
    state_vectors(&mut random, &document);
}

fn load(snapshot: &[u8]) -> Document {
    Document::load(ClientId(9), [snapshot]).unwrap()
}

fn load_copy(document: &Document) -> Document {
    load(&document.snapshot())
}

/// Applies in either of the two ways, and reads the text.
fn document_apply(document: &mut Document, checked: &note::Checked<'_>) -> Result<(), UpdateError> {
    let before = document.text();
    if checked.bytes().len().is_multiple_of(2) {
        document.apply(checked)?;
    } else {
        let edits = document.apply_located(checked)?;
        let after = document.text();
        assert_eq!(note::edit::apply_to(&before, &edits).unwrap(), after);
    }
    assert!(checked.adds_anything() || document.text() == before);
    Ok(())
}

/// After whatever it took in, a document is readable, stores, loads, takes an
/// honest edit, and passes it on.
fn stays_whole(document: &mut Document, counts: &mut Counts, told: &str, frame: &[u8]) {
    counts.looked_at += 1;
    let told = format!("{told}: {frame:02x?}");
    let text = document.text();
    assert_eq!(
        document.len_utf16() as usize,
        text.encode_utf16().count(),
        "{told}"
    );
    let snapshot = document.snapshot();
    let mut copy = Document::load(ClientId(10), [snapshot.as_slice()]).unwrap();
    assert_eq!(copy.text(), text, "{told}");
    assert_eq!(copy.state_vector(), document.state_vector(), "{told}");
    assert!(
        !document.check(&snapshot).unwrap().adds_anything(),
        "{told}"
    );
    let edit = copy.edit(&[Edit::new(0, 0, "honest 😀 edit")]).unwrap();
    let checked = document.check(&edit).unwrap();
    document.apply(&checked).unwrap();
    assert_eq!(document.text(), format!("honest 😀 edit{text}"), "{told}");
    let back = document.edit(&[Edit::new(0, 6, "")]).unwrap();
    let checked = copy.check(&back).unwrap();
    copy.apply(&checked).unwrap();
    assert_eq!(copy.text(), document.text(), "{told}");
    let bound = note::MAX_TEXT_BYTES;
    assert!(document.text().len() < bound, "{told}");
}

/// State vectors that were tampered with are refused, or answered with what can
/// be taken in by whoever has as much.
fn state_vectors(random: &mut fastrand::Rng, document: &Document) {
    let honest = vec![document.state_vector()];
    for _ in 0..50 {
        if let Ok(diff) = document.diff(&mutated(random, &honest)) {
            assert!(!document.check(&diff).unwrap().adds_anything());
        }
    }
}

fn panic_with(told: &str, frame: &[u8], error: &UpdateError) {
    assert!(frame.is_empty(), "{told}: {error} for {frame:02x?}");
}
