//! Whether all replicas would put an update's text in the same place.
//!
//! Where a struct goes follows from its neighbours, and replicas agree on it as
//! long as somebody can have seen those side by side. A hostile one may name any
//! two. Then the place depends on the order in which updates arrive, so that
//! pages, and the note when it is loaded again, would show different texts.

use super::Document;
use crate::guard::{self, Checked, Neighbours, UpdateError, read_struct};

impl Document {
    /// Tries an update out if its neighbours leave a doubt: taken in now, and
    /// loaded from a snapshot, it must give the same text, and stand between them.
    /// Costs three loads, and honest people need it only where they wrote in one place
    /// at once.
    pub(super) fn check_place(&self, update: &Checked<'_>) -> Result<(), UpdateError> {
        if update.tally.squeezed == 0 || self.has_room(update) {
            return Ok(());
        }
        let mut now = self.copy()?;
        now.apply(update)?;
        let later = now.copy()?;
        if now.text() == later.text() && later.has_between(update)? {
            Ok(())
        } else {
            Err(UpdateError::Malformed("it puts text where no editor would"))
        }
    }

    /// Whether each struct of an update that is here names as its right neighbour what
    /// stands right of its left one. What does not stand between its neighbours would
    /// have the next honest edit beside it taken for one that cannot be (`guard/room.rs`).
    fn has_between(&self, update: &Checked<'_>) -> Result<bool, UpdateError> {
        let Some(order) = self.order_as_known() else {
            return Ok(false);
        };
        let ranks = order.ranks();
        let mut is_so = true;
        for section in &guard::parse(update.bytes())?.sections {
            section.each_struct(|_, item| {
                let Neighbours {
                    origin,
                    right_origin,
                } = item.neighbours;
                if let (Some(left), Some(right)) = (origin, right_origin) {
                    is_so &= ranks.is_before(left, right) == Some(true);
                }
                Ok(())
            })?;
        }
        Ok(is_so)
    }

    /// Whether an update is but one struct, as a keystroke is, and its neighbours
    /// stand side by side here: then somebody who has all of this would have written
    /// it, and no replica can place it elsewhere.
    fn has_room(&self, update: &Checked<'_>) -> bool {
        let neighbours = || {
            let parsed = guard::parse(update.bytes()).ok()?;
            let [section] = parsed.sections.as_slice() else {
                return None;
            };
            let only = read_struct(&mut { section.structs }).ok()?;
            Some(only.neighbours)
        };
        let side_by_side = |neighbours| {
            let order = self.order().sequence();
            order.is_some_and(|order| order.are_side_by_side(neighbours))
        };
        update.tally.new_structs == 1 && neighbours().is_some_and(side_by_side)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{ClientId, Edit};

    fn replica(client: u64, updates: &[&[u8]]) -> Document {
        Document::load(ClientId(client), updates.iter().copied()).unwrap()
    }

    fn insert(document: &mut Document, at: u32, text: &str) -> Vec<u8> {
        document.edit(&[Edit::new(at, at, text)]).unwrap()
    }

    /// Three people put a letter between the same two at once; a fourth writes between
    /// two of theirs.
    #[test]
    fn a_key_between_what_others_wrote_at_once_needs_no_trial_where_it_has_room() {
        let start = insert(&mut replica(9, &[]), 0, "ab");
        let [x, y, z] = [(1, "x"), (2, "y"), (3, "z")]
            .map(|(client, text)| insert(&mut replica(client, &[&start]), 1, text));
        let all: [&[u8]; 4] = [&start, &x, &y, &z];
        let room = replica(50, &all);
        assert_eq!(room.text(), "axyzb");

        let squeezed = |update: &[u8]| {
            let checked = room.check_of_any_size(update).unwrap();
            assert_eq!(checked.tally.squeezed, 1);
            let has_room = room.has_room(&checked);
            assert!(room.check(update).is_ok());
            has_room
        };
        let key = insert(&mut replica(4, &all), 3, "k");
        assert!(squeezed(&key), "between y and z, who stand side by side");
        let late = insert(&mut replica(4, &[&start, &x, &z]), 2, "k");
        assert!(!squeezed(&late), "between x and z: y has come in between");
    }

    /// Five units; three behind the first of them; and three that claim to be between the
    /// fifth and those. Who writes at the end next would do so beside the last of these,
    /// which says that it has something right of it. All of it is deleted, so that every
    /// replica shows the same.
    #[test]
    fn what_does_not_stand_between_its_neighbours_is_refused() {
        let five = [0x01, 1, 7, b'c', b'o', b'n', b't', b'e', b'n', b't', 5];
        let behind_the_first = [0x81, 9, 0, 3];
        let between = |left: u8, right: u8| [0xc1, 9, left, 9, right, 3];
        let deleted = [1, 9, 1, 0, 11];
        let update = |between: [u8; 6]| {
            let structs = [&five[..], &behind_the_first, &between].concat();
            [&[1, 3, 9, 0], &structs[..], &deleted].concat()
        };
        let room = replica(1, &[]);
        assert_eq!(
            room.check(&update(between(4, 5))).map(drop),
            Err(UpdateError::Malformed("it puts text where no editor would"))
        );
        assert!(room.check(&update(between(0, 5))).is_ok());
    }

    #[test]
    fn whatever_is_written_here_has_room_here() {
        for seed in 0..60 {
            let mut random = fastrand::Rng::with_seed(seed);
            let mut peers: Vec<Document> = (1..5).map(|client| replica(client, &[])).collect();
            for _ in 0..40 {
                let updates: Vec<Vec<u8>> = peers
                    .iter_mut()
                    .map(|peer| {
                        let at = random.u32(0..=peer.len_utf16());
                        let to = (at + random.u32(0..3)).min(peer.len_utf16());
                        peer.edit(&[Edit::new(at, to, "kk")]).unwrap()
                    })
                    .collect();
                for peer in &mut peers {
                    for update in &updates {
                        let checked = peer.check_of_any_size(update).unwrap();
                        peer.apply(&checked).unwrap();
                    }
                }
            }
            let room = &peers[0];
            let mut writer = replica(9, &[&room.snapshot()]);
            let at = random.u32(0..=room.len_utf16());
            let key = insert(&mut writer, at, "k");
            let checked = room.check_of_any_size(&key).unwrap();
            assert!(room.has_room(&checked), "seed {seed} at {at}");
        }
    }
}
