//! The order and the text beside `yrs` are those of `yrs`, whatever comes.

use std::collections::BTreeMap;

use super::{Document, Order};
use crate::ClientId;
use crate::changes::Changes;
use crate::document::{merge_stored, merge_updates};
use crate::edit::{Edit, apply_to, utf16_length};
use crate::guard::{self, Content, Id, Neighbours, Ranges, Struct, UpdateError};

/// Rounds of the random sessions; set it higher to look longer.
const ROUNDS: &str = "TANDEM_AGREEMENT_ROUNDS";

/// A document, the text that a follower has, and what is still to come to it.
struct Peer {
    document: Document,
    follower: String,
    inbox: Vec<Vec<u8>>,
    /// What it was stored as, and all that it took in since.
    snapshot: Option<Vec<u8>>,
    log: Vec<Vec<u8>>,
}

impl Peer {
    fn new(client: u64) -> Self {
        Self {
            document: Document::new(ClientId(client)),
            follower: String::new(),
            inbox: Vec::new(),
            snapshot: None,
            log: Vec::new(),
        }
    }

    fn agree(&mut self, changes: &Changes, told: &str) {
        let splices = changes.splices().expect(told);
        for splice in splices.iter().rev() {
            self.follower
                .replace_range(splice.from.byte..splice.to.byte, &splice.insert);
        }
        let text = self.document.yrs_text();
        assert_eq!(self.follower, text, "the splices, {told}");
        assert_eq!(self.document.text(), text, "the rope, {told}");
        assert!(
            matches!(self.document.order(), Order::Kept { losses: 0, .. }),
            "the order was lost, {told}"
        );
    }

    fn write(&mut self, random: &mut fastrand::Rng, told: &str) -> Vec<u8> {
        let edits = some_edits(random, &self.follower);
        let expected = apply_to(&self.follower, &edits).unwrap();
        let mut changes = Changes::default();
        let update = self.document.edit_tracked(&edits, &mut changes).unwrap();
        self.agree(&changes, told);
        assert_eq!(self.follower, expected, "an edit of one's own, {told}");
        self.log.push(update.clone());
        update
    }

    fn receive(&mut self, update: &[u8], told: &str) -> Result<(), UpdateError> {
        let Peer { document, .. } = self;
        let checked = document.check_of_any_size(update)?;
        let mut changes = Changes::default();
        document.apply_tracked(&checked, &mut changes)?;
        self.log.push(update.to_vec());
        self.agree(&changes, told);
        Ok(())
    }

    /// Forgets the document and loads it, now and then from one row alone.
    fn sleep(&mut self, random: &mut fastrand::Rng, told: &str) {
        if random.bool() {
            self.log.clear();
            self.snapshot = Some(self.document.snapshot());
        }
        let log: Vec<&[u8]> = self.log.iter().map(Vec::as_slice).collect();
        let snapshot = self.snapshot.as_deref();
        let rows: Vec<&[u8]> = snapshot.into_iter().chain(log.iter().copied()).collect();
        let vector = self.document.state_vector();
        let whole = merge_stored(snapshot, &log).unwrap();
        self.document = Document::load(self.document.client(), rows).unwrap();
        let merged = Document::load(ClientId(9), [whole.as_slice()]).unwrap();
        assert_eq!(merged.text(), self.follower, "merged, {told}");
        // `yrs` leaves some runs in pieces that merging joins.
        let joined = |document: &Document| merge_stored(None, &[&document.snapshot()]).unwrap();
        assert_eq!(joined(&merged), joined(&self.document), "merged, {told}");
        assert_eq!(self.document.text(), self.follower, "loaded, {told}");
        assert_eq!(self.document.state_vector(), vector, "loaded, {told}");
    }
}

/// Edits at few places, so that people write in the same place at once.
fn some_edits(random: &mut fastrand::Rng, text: &str) -> Vec<Edit> {
    let mut places = vec![0u32];
    places.extend(text.chars().scan(0, |unit, character| {
        *unit += character.len_utf16() as u32;
        Some(*unit)
    }));
    let mut edits = Vec::new();
    let mut first = 0;
    for _ in 0..random.usize(1..=2) {
        if first >= places.len() {
            break;
        }
        let from = random.usize(first..places.len());
        let gone = if places.len() > 60 {
            20
        } else {
            random.usize(0..4)
        };
        let gone = if random.bool() { 0 } else { gone };
        let to = (from + gone).min(places.len() - 1);
        let insert: String = (0..random.usize(0..4))
            .map(|_| ["a", "b", "é", "😀", "👩‍👩‍👧", "\n", "漢"][random.usize(0..7)])
            .collect();
        edits.push(Edit::new(places[from], places[to], insert));
        first = to + 1;
    }
    edits
}

fn rounds(usual: u64) -> u64 {
    let set = std::env::var(ROUNDS).ok();
    set.and_then(|rounds| rounds.parse().ok()).unwrap_or(usual)
}

#[test]
fn the_order_is_that_of_yrs_when_several_write_at_once() {
    for seed in 0..rounds(150) {
        let mut random = fastrand::Rng::with_seed(seed);
        let mut peers: Vec<Peer> = [1, 77, 4_294_967_295, 300, 5].map(Peer::new).into();
        for turn in 0..120 {
            let told = format!("seed {seed} turn {turn}");
            let at = random.usize(0..peers.len());
            if random.u8(0..12) == 0 {
                peers[at].sleep(&mut random, &told);
            }
            if random.u8(0..3) == 0 || peers[at].inbox.is_empty() {
                let update = peers[at].write(&mut random, &told);
                for (other, peer) in peers.iter_mut().enumerate() {
                    if other != at {
                        peer.inbox.push(update.clone());
                    }
                }
                continue;
            }
            let length = peers[at].inbox.len();
            if random.u8(0..4) == 0 {
                let count = random.usize(1..=length);
                let some: Vec<&[u8]> = peers[at].inbox[..count].iter().map(Vec::as_slice).collect();
                let merged = merge_updates(&some).unwrap();
                if peers[at].receive(&merged, &told).is_ok() {
                    peers[at].inbox.drain(..count);
                }
            } else {
                let pick = random.usize(0..length.min(4));
                let update = peers[at].inbox[pick].clone();
                if peers[at].receive(&update, &told).is_ok() {
                    peers[at].inbox.remove(pick);
                }
            }
        }
        // All that is missing at once, as after a time offline.
        for at in 0..peers.len() {
            for other in 0..peers.len() {
                let vector = peers[at].document.state_vector();
                let lacking = peers[other].document.diff(&vector).unwrap();
                peers[at]
                    .receive(&lacking, &format!("seed {seed} step 2"))
                    .unwrap();
            }
        }
        for at in 1..peers.len() {
            assert_eq!(peers[0].follower, peers[at].follower, "seed {seed}");
        }
        let mut loaded = Peer::new(9);
        let snapshot = peers[0].document.snapshot();
        loaded
            .receive(&snapshot, &format!("seed {seed} loaded"))
            .unwrap();
        assert_eq!(loaded.follower, peers[0].follower, "seed {seed} loaded");
    }
}

/// A unit that is there, which may be half a character, or a deleted one.
fn some_unit(random: &mut fastrand::Rng, document: &Document) -> Option<Id> {
    let clocks: Vec<_> = document.known.clocks().collect();
    let (client, clock) = *random.choice(&clocks)?;
    let clock = random.u32(0..clock);
    Some(Id { client, clock })
}

/// What no editor writes: text between any two units, and deletions of any clocks.
fn made_up(random: &mut fastrand::Rng, document: &Document) -> Vec<u8> {
    let client = ClientId(random.u64(1..6));
    let neighbours = if random.bool() {
        let at = random.u32(0..=document.len_utf16());
        let sequence = document.order().sequence().unwrap();
        sequence.neighbours_at(at).unwrap()
    } else {
        Neighbours {
            origin: some_unit(random, document),
            right_origin: some_unit(random, document),
        }
    };
    let text = ["x", "😀y", "é😀", "漢"][random.usize(0..4)];
    let content = match random.u8(0..5) {
        0 => Content::Deleted,
        _ => Content::Text(text),
    };
    let item = Struct {
        length: utf16_length(text),
        neighbours,
        content,
    };
    let mut deletions: BTreeMap<_, Ranges> = BTreeMap::new();
    for _ in 0..random.usize(0..3) {
        let Some(unit) = some_unit(random, document) else {
            continue;
        };
        let end = (unit.clock + random.u32(1..4)).min(document.known.clock(unit.client));
        let ranges = deletions.entry(unit.client).or_default();
        ranges.insert(unit.clock, end);
    }
    let item = random.bool().then_some(item);
    guard::write(client, document.known.clock(client), item, deletions)
}

#[test]
fn the_order_is_that_of_yrs_for_what_no_editor_writes() {
    let (mut taken, mut cut, mut loaded) = (0, 0, 0);
    for seed in 0..rounds(300) {
        let mut random = fastrand::Rng::with_seed(seed);
        let mut peer = Peer::new(9);
        for turn in 0..60 {
            let told = format!("seed {seed} turn {turn}");
            if turn % 4 == 0 {
                peer.write(&mut random, &told);
            }
            let update = made_up(&mut random, &peer.document);
            let halves = peer.follower.matches('\u{fffd}').count();
            taken += usize::from(peer.receive(&update, &told).is_ok());
            cut += usize::from(peer.follower.matches('\u{fffd}').count() > halves);
        }
        // Not all of it can be loaded: what strangers send is checked more strictly.
        let snapshot = peer.document.snapshot();
        let told = format!("seed {seed} loaded");
        loaded += usize::from(Peer::new(8).receive(&snapshot, &told).is_ok());
    }
    let seen = format!("{taken} taken, {cut} cut, {loaded} loaded");
    assert!(taken > 1_000 && cut > 100 && loaded > 10, "{seen}");
}
