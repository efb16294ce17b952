//! The order and the text beside `yrs` are those of `yrs`, whatever comes.

use super::{Document, Order};
use crate::changes::Changes;
use crate::edit::{Edit, apply_to};
use crate::guard::UpdateError;
use crate::{ClientId, document::merge_updates};

/// Rounds of the random sessions; set it higher to look longer.
const ROUNDS: &str = "TANDEM_AGREEMENT_ROUNDS";

/// A document, the text that a follower has, and what is still to come to it.
struct Peer {
    document: Document,
    follower: String,
    inbox: Vec<Vec<u8>>,
}

impl Peer {
    fn new(client: u64) -> Self {
        Self {
            document: Document::new(ClientId(client)),
            follower: String::new(),
            inbox: Vec::new(),
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
            matches!(self.document.order, Order::Kept { losses: 0, .. }),
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
        update
    }

    fn receive(&mut self, update: &[u8], told: &str) -> Result<(), UpdateError> {
        let Peer { document, .. } = self;
        let checked = document.check_of_any_size(update)?;
        let mut changes = Changes::default();
        document.apply_tracked(&checked, &mut changes)?;
        self.agree(&changes, told);
        Ok(())
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
