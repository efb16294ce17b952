//! F, U1: strangers' bytes. Seeded mutations of honest frames, and the frames that
//! brick a naive server, against a room with honest people in it.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::string_slice,
    clippy::panic,
    reason = "tests"
)]

mod support;

use note::{ClientId, Document, Edit};
use peak_alloc::PeakAlloc;
use realtime::frame::Frame;
use realtime::{Access, Refusal};
use support::{Network, admission};

#[global_allocator]
static MEMORY: PeakAlloc = PeakAlloc;

/// The memory measured is the whole process's, so one test runs at a time.
static ALONE: std::sync::Mutex<()> = std::sync::Mutex::new(());

/// Most memory one frame may take beyond what the room holds, bytes.
const MOST_A_FRAME: usize = 16 << 20;

struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: usize) -> usize {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        (self.0.wrapping_mul(0x2545_f491_4f6c_dd1d) >> 33) as usize % sides
    }
}

/// Frames as honest clients send them.
fn honest_frames() -> Vec<Vec<u8>> {
    let (mut ada, mut ben) = (Document::new(ClientId(11)), Document::new(ClientId(300)));
    let mut frames = Vec::new();
    for n in 0..20_u32 {
        let one = ada.edit(&[Edit::new(0, 0, format!("a{n}🙂 "))]).unwrap();
        let checked = ben.check(&one).unwrap();
        ben.apply(&checked).unwrap();
        let two = ben.edit(&[Edit::new(0, 1, "é")]).unwrap();
        let checked = ada.check(&two).unwrap();
        ada.apply(&checked).unwrap();
        frames.extend([Frame::Update(&one).encode(), Frame::Update(&two).encode()]);
    }
    frames.push(Frame::Step2(&ada.snapshot()).encode());
    frames.push(Frame::Step1(&ada.state_vector()).encode());
    let shown = realtime::presence::Shown {
        clock: 1,
        state: Some(r#"{"cursor":{"anchor":null}}"#.to_owned()),
    };
    let states = realtime::presence::encode([(11, &shown), (300, &shown)].into_iter());
    frames.push(Frame::Awareness(&states).encode());
    frames.push(Frame::QueryAwareness.encode());
    frames
}

/// Changes a frame a little: bits, bytes, numbers, lengths, splices, cuts.
fn mutate(frame: &[u8], other: &[u8], dice: &mut Dice) -> Vec<u8> {
    let mut bytes = frame.to_vec();
    for _ in 0..=dice.roll(4) {
        let at = dice.roll(bytes.len().max(1));
        match dice.roll(7) {
            0 if at < bytes.len() => bytes[at] ^= 1 << dice.roll(8),
            1 if at < bytes.len() => bytes[at] = dice.roll(256) as u8,
            2 => bytes.truncate(at),
            3 => {
                let huge: [u8; 5] = [0x80, 0xad, 0xe2, 0x0e, 0x00];
                let end = (at + 1).min(bytes.len());
                bytes.splice(at.min(end)..end, huge);
            }
            4 => {
                let from = dice.roll(other.len());
                let to = from + dice.roll(other.len() - from);
                bytes.splice(
                    at.min(bytes.len())..at.min(bytes.len()),
                    other[from..to].iter().copied(),
                );
            }
            5 if at < bytes.len() => drop(bytes.remove(at)),
            _ => bytes.insert(at.min(bytes.len()), [0, 1, 0x7f, 0x80, 0xff][dice.roll(5)]),
        }
    }
    bytes
}

fn from_hex(hex: &str) -> Vec<u8> {
    (0..hex.len())
        .step_by(2)
        .map(|at| u8::from_str_radix(&hex[at..at + 2], 16).unwrap())
        .collect()
}

/// The frames known to brick or bloat a server that trusts them.
fn known_bad_updates() -> Vec<Vec<u8>> {
    [
        "0101ebeb91cc8f090a0280ad9b010004010174042320540a00",
        "0180ade20e0000",
        "80ade20e0000",
        "80ade20e",
        "01808080",
    ]
    .map(from_hex)
    .to_vec()
}

#[test]
fn u1_the_known_bad_frames_are_refused_and_nothing_is_kept() {
    let _alone = ALONE.lock();
    for bad in known_bad_updates() {
        for frame in [
            Frame::Update(&bad),
            Frame::Step2(&bad),
            Frame::Step1(&bad),
            Frame::Awareness(&bad),
        ] {
            let mut network = Network::new();
            let (ada, ben) = (network.writer(0), network.writer(1));
            network.insert(ada, 0, "honest");
            network.settle();
            let rows = network.disk.stored.rows.len();
            MEMORY.reset_peak_usage();
            let before = MEMORY.current_usage();
            network.send_raw(ben, frame.encode());
            network.deliver_to_server(ben);
            assert!(MEMORY.peak_usage() - before < MOST_A_FRAME);
            assert_eq!(
                network.closed.last().map(|(_, refusal)| *refusal),
                Some(Refusal::Malformed),
                "{frame:?}"
            );
            network.settle();
            assert_eq!(
                (network.text().as_str(), network.disk.stored.rows.len()),
                ("honest", rows)
            );
            network.sleep();
            network.insert(ada, 0, "still ");
            network.settle();
            assert_eq!(network.stored_text(), "still honest");
        }
    }
}

/// Throws mutated frames from a socket with this right; it comes back whenever it
/// is closed. Returns how many frames got through as readable.
fn throw(access: Access, frames: usize, seed: u64) -> (Network, usize) {
    let _alone = ALONE.lock();
    let mut dice = Dice(seed | 1);
    let honest = honest_frames();
    let bad = known_bad_updates();
    let mut network = Network::new();
    let ada = network.writer(0);
    network.insert(ada, 0, "# Honest text\n\nthat stays. 🙂");
    network.settle();
    let mut stranger = network.join(admission(3, access));
    network.open_socket(stranger);
    let mut kept_open = 0;
    let start = MEMORY.current_usage();
    for n in 0..frames {
        let frame = &honest[dice.roll(honest.len())];
        let other = &honest[dice.roll(honest.len())];
        let bytes = match dice.roll(50) {
            0 => Frame::Update(&bad[dice.roll(bad.len())]).encode(),
            _ => mutate(frame, other, &mut dice),
        };
        network.pages[stranger].clear();
        network.send_raw(stranger, bytes);
        MEMORY.reset_peak_usage();
        let before = MEMORY.current_usage();
        network.deliver_to_server(stranger);
        assert!(
            MEMORY.peak_usage() - before < MOST_A_FRAME,
            "seed {seed}, frame {n}"
        );
        network.now += 5;
        if network.closed.is_empty() {
            kept_open += 1;
        } else {
            network.closed.clear();
            network.cut(stranger);
            network.pages.truncate(1);
            stranger = network.join(admission(3, access));
            network.open_socket(stranger);
        }
        if n % 64 == 0 {
            network.drain(ada);
        }
    }
    network.cut(stranger);
    let grown = MEMORY.current_usage().saturating_sub(start);
    assert!(grown < MOST_A_FRAME, "memory grew by {grown} bytes");
    (network, kept_open)
}

fn mutations() -> usize {
    std::env::var("TANDEM_FRAMES")
        .ok()
        .and_then(|n| n.parse().ok())
        .unwrap_or(100_000)
}

#[test]
fn u1_mutated_frames_of_a_reader_leave_the_text_untouched() {
    let (mut network, readable) = throw(Access::View, mutations() / 2, 20_261_123);
    assert!(
        readable > mutations() / 100,
        "some frames were readable: {readable}"
    );
    network.pages.truncate(1);
    network.settle();
    assert_eq!(network.text(), "# Honest text\n\nthat stays. 🙂");
    network.insert(0, 0, "x");
    network.settle();
    network.assert_converged();
}

#[test]
fn u1_mutated_frames_of_a_writer_leave_a_note_that_works() {
    let (mut network, readable) = throw(Access::Edit, mutations() / 2, 7);
    assert!(
        readable > mutations() / 100,
        "some frames were readable: {readable}"
    );
    network.pages.truncate(1);
    network.settle();
    network.insert(0, 0, "x");
    network.settle();
    network.assert_converged();
    network.sleep();
    network.insert(0, 0, "y");
    network.settle();
    network.assert_converged();
}
