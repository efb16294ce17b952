//! Replicas that have the same updates have the same text, in whatever order
//! and however often they arrive.

#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a failing test should stop"
)]

#[path = "support/session.rs"]
mod session;

use note::document::merge_updates;
use note::edit::apply_to;
use note::{ClientId, Document, UpdateError};
use session::{play, random_edits, replicas};

/// A replica, what is on its way to it, and the text an editor beside it shows.
struct Peer {
    document: Document,
    inbox: Vec<Vec<u8>>,
    shown: String,
}

impl Peer {
    /// Takes in one of the updates on their way, which may be too early or a
    /// second copy.
    fn receive(&mut self, random: &mut fastrand::Rng, told: &str) {
        let at = random.usize(0..self.inbox.len());
        let update = self.inbox[at].clone();
        match self.document.check(&update) {
            Ok(checked) => {
                let adds = checked.adds_anything();
                let edits = self.document.apply_located(&checked).unwrap();
                self.shown = apply_to(&self.shown, &edits).unwrap();
                assert_eq!(self.shown, self.document.text(), "{told}");
                assert!(
                    adds || edits.is_empty(),
                    "{told}: it changed what it said it would not"
                );
                assert!(
                    !self.document.check(&update).unwrap().adds_anything(),
                    "{told}"
                );
                if random.u8(0..5) > 0 {
                    self.inbox.swap_remove(at);
                }
            }
            Err(error) => assert_eq!(error, UpdateError::Gap, "{told}"),
        }
    }
}

#[test]
fn replicas_converge_in_any_order_of_delivery() {
    let mut early = 0;
    for seed in 0..60 {
        let told = format!("seed {seed}");
        let mut random = fastrand::Rng::with_seed(seed);
        let mut peers: Vec<Peer> = replicas(&[1, 77, 4_294_967_295, 300])
            .into_iter()
            .map(|document| Peer {
                document,
                inbox: Vec::new(),
                shown: String::new(),
            })
            .collect();
        for _ in 0..150 {
            let at = random.usize(0..peers.len());
            let peer = &mut peers[at];
            if random.bool() || peer.inbox.is_empty() {
                let edits = random_edits(&mut random, &peer.shown);
                let update = peer.document.edit(&edits).unwrap();
                peer.shown = apply_to(&peer.shown, &edits).unwrap();
                assert_eq!(peer.shown, peer.document.text(), "{told}");
                for (other, peer) in peers.iter_mut().enumerate() {
                    if other != at {
                        peer.inbox.push(update.clone());
                    }
                }
            } else {
                peer.receive(&mut random, &told);
            }
        }
        for peer in &mut peers {
            while !peer.inbox.is_empty() {
                let before = peer.inbox.len();
                peer.receive(&mut random, &told);
                early += usize::from(peer.inbox.len() == before);
            }
        }
        let text = peers[0].document.text();
        for peer in &peers {
            assert_eq!(peer.document.text(), text, "{told}");
            assert_eq!(
                peer.document.state_vector(),
                peers[0].document.state_vector(),
                "{told}"
            );
            assert_eq!(
                peer.document.len_utf16() as usize,
                text.encode_utf16().count(),
                "{told}"
            );
            let snapshot = peer.document.snapshot();
            let loaded = Document::load(ClientId(5), [snapshot.as_slice()]).unwrap();
            assert_eq!(loaded.text(), text, "{told}");
            assert_eq!(
                loaded.state_vector(),
                peer.document.state_vector(),
                "{told}"
            );
            assert!(
                !peer.document.check(&snapshot).unwrap().adds_anything(),
                "{told}"
            );
        }
    }
    assert!(
        early > 100,
        "updates did arrive too early or twice: {early}"
    );
}

#[test]
fn stored_updates_load_to_the_same_text() {
    for seed in 100..130 {
        let mut random = fastrand::Rng::with_seed(seed);
        let mut peers = replicas(&[10, 20, 30]);
        let updates = play(&mut random, &mut peers, 60);
        let rows = updates.iter().map(Vec::as_slice);
        let one_by_one = Document::load(ClientId(1), rows.clone()).unwrap();
        let all: Vec<&[u8]> = rows.collect();
        let merged = merge_updates(&all).unwrap();
        let at_once = Document::load(ClientId(2), [merged.as_slice()]).unwrap();
        assert_eq!(one_by_one.text(), at_once.text(), "seed {seed}");
        assert_eq!(
            one_by_one.state_vector(),
            at_once.state_vector(),
            "seed {seed}"
        );
        let at = random.usize(0..all.len());
        let (first, second) = all.split_at(at);
        let rest = merge_updates(second).unwrap();
        let rows = first.iter().copied().chain([rest.as_slice()]);
        let in_two = Document::load(ClientId(3), rows).unwrap();
        assert_eq!(in_two.text(), at_once.text(), "seed {seed}");
    }
}

#[test]
fn a_diff_brings_exactly_what_is_lacking() {
    for seed in 200..230 {
        let mut random = fastrand::Rng::with_seed(seed);
        let mut peers = replicas(&[10, 20]);
        play(&mut random, &mut peers, 40);
        for (here, there) in [(0, 1), (1, 0)] {
            let lacking = peers[here].diff(&peers[there].state_vector()).unwrap();
            let checked = peers[there].check(&lacking).unwrap();
            peers[there].apply(&checked).unwrap();
        }
        assert_eq!(peers[0].text(), peers[1].text(), "seed {seed}");
        let nothing = peers[0].diff(&peers[1].state_vector()).unwrap();
        assert!(
            !peers[1].check(&nothing).unwrap().adds_anything(),
            "seed {seed}"
        );
    }
}
