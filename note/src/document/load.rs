//! Loading a document from what was stored of it: everything at once, and only what
//! each reader of a note needs. The order of the history, which edits are placed by,
//! waits for the first of them.

use std::cell::OnceCell;

use super::follow::Order;
use super::rope::TextRope;
use super::{ClientId, Document};
use crate::guard::{self, Parsed, UpdateError};

impl Document {
    /// Loads what was stored: a snapshot, and then updates in their order. All of it
    /// was checked before a document took it in, so only its form is looked at again,
    /// and that nothing is missing.
    ///
    /// # Errors
    /// When the rows build no document: storage is damaged.
    pub fn load<'a>(
        client: ClientId,
        rows: impl IntoIterator<Item = &'a [u8]>,
    ) -> Result<Self, UpdateError> {
        Self::loaded(client, OnceCell::new(), rows)
    }

    /// Another replica with the same content, to try something out on: it finds
    /// places the long way.
    pub(super) fn copy(&self) -> Result<Self, UpdateError> {
        let order = OnceCell::from(Order::GivenUp);
        Self::loaded(self.client, order, [self.snapshot().as_slice()])
    }

    fn loaded<'a>(
        client: ClientId,
        order: OnceCell<Order>,
        rows: impl IntoIterator<Item = &'a [u8]>,
    ) -> Result<Self, UpdateError> {
        let mut document = Self::new(client);
        document.order = order;
        for row in rows {
            let parsed = guard::parse(row)?;
            match guard::beyond(&parsed, &document.known)? {
                None => document.take_back(row, &parsed)?,
                Some(news) => document.take_back(&news, &guard::parse(&news)?)?,
            }
        }
        document.rope = TextRope::new(&document.yrs_text());
        Ok(document)
    }

    /// Takes in what was stored; the text waits until all of it is here.
    fn take_back(&mut self, update: &[u8], parsed: &Parsed<'_>) -> Result<(), UpdateError> {
        guard::check_stored(parsed, &self.known)?;
        self.hand_over(update)?;
        self.known.absorb(parsed)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Edit;

    /// An update of one struct of client 9 at a clock, right of one of its own.
    fn after_own(clock: u8, origin: u8) -> Vec<u8> {
        vec![1, 1, 9, clock, 0x84, 9, origin, 1, b'a', 0]
    }

    #[test]
    fn damaged_rows_are_refused() {
        let mut ada = Document::new(ClientId(9));
        let [first, second] = ["a", "b"].map(|key| ada.edit(&[Edit::new(0, 0, key)]).unwrap());
        let load = |rows: &[&[u8]]| Document::load(ClientId(1), rows.iter().copied()).map(drop);
        assert_eq!(load(&[&first, &second]), Ok(()));
        assert_eq!(load(&[&second]), Err(UpdateError::Gap));
        assert!(matches!(
            load(&[&after_own(0, 0)]),
            Err(UpdateError::Malformed(_))
        ));
        assert!(matches!(
            load(&[&first, &after_own(1, 1)]),
            Err(UpdateError::Malformed(_))
        ));
        assert!(load(&[&first, &after_own(1, 0)]).is_ok());
        assert!(matches!(
            load(&[&first[..4]]),
            Err(UpdateError::Malformed(_))
        ));
        // Two structs that wait for each other.
        let circle = [
            2, 1, 9, 0, 0x84, 8, 0, 1, b'a', 1, 8, 0, 0x84, 9, 0, 1, b'b', 0,
        ];
        assert_eq!(load(&[&circle]), Err(UpdateError::Pending));
    }

    #[test]
    fn rows_that_overlap_are_taken_once() {
        let mut ada = Document::new(ClientId(9));
        let keys = ["a", "b", "c"].map(|key| ada.edit(&[Edit::new(0, 0, key)]).unwrap());
        let whole = ada.snapshot();
        let rows = [keys[0].as_slice(), &whole, &keys[2], &whole];
        let loaded = Document::load(ClientId(1), rows).unwrap();
        assert_eq!(
            (loaded.text(), loaded.snapshot()),
            ("cba".to_owned(), whole.clone())
        );
    }
}
