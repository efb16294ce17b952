//! Keeping the text and the order of its runs in step with the `yrs` document.
//!
//! Both follow each update by themselves, and are checked against `yrs` by their
//! length. Where that fails the text is read from `yrs` again and the order built
//! anew; that may be slow, and must not be wrong.

use std::cell::OnceCell;

use yrs::updates::decoder::Decode;
use yrs::{GetString, ReadTxn, Text, Transact, Update};

use super::Document;
use super::rope::{Follower, TextRope};
use super::sequence::Sequence;
use crate::changes::Changes;
use crate::guard::{self, Known, Parsed, UpdateError};

/// The most structs and delete ranges that are followed one by one: of more, as a
/// stored note is, the text is read once at the end.
const MAX_FOLLOWED: usize = 1024;

/// How often the order is built anew before it is given up.
const MAX_LOSSES: u8 = 4;

/// The order of the runs, while it can be told.
#[derive(Debug)]
pub(super) enum Order {
    Kept {
        sequence: Sequence,
        losses: u8,
    },
    /// Everything goes the long way.
    GivenUp,
}

impl Order {
    pub(super) fn new() -> Self {
        Self::Kept {
            sequence: Sequence::new(),
            losses: 0,
        }
    }

    pub(super) fn sequence(&self) -> Option<&Sequence> {
        match self {
            Self::Kept { sequence, .. } => Some(sequence),
            Self::GivenUp => None,
        }
    }
}

impl Document {
    /// Takes in an update that was checked or is our own.
    pub(super) fn take_in(
        &mut self,
        update: &[u8],
        changes: &mut Changes,
    ) -> Result<(), UpdateError> {
        // Before the update is in it.
        self.order();
        self.hand_over(update)?;
        self.follow(&guard::parse(update)?, changes)
    }

    /// Has `yrs` take in an update.
    pub(super) fn hand_over(&self, update: &[u8]) -> Result<(), UpdateError> {
        let decoded = Update::decode_v1(update).or(Err(UpdateError::Pending))?;
        let mut txn = self.doc.try_transact_mut().or(Err(UpdateError::Pending))?;
        txn.apply_update(decoded).or(Err(UpdateError::Pending))?;
        if txn.has_missing_updates() {
            return Err(UpdateError::Pending);
        }
        Ok(())
    }

    /// Follows an update that `yrs` has taken in.
    pub(super) fn follow(
        &mut self,
        update: &Parsed<'_>,
        changes: &mut Changes,
    ) -> Result<(), UpdateError> {
        let sections = &update.sections;
        let is_new = sections
            .iter()
            .all(|section| section.start >= self.known.clock(section.client));
        self.known.absorb(update)?;
        let at_once = update.parts() > MAX_FOLLOWED;
        let followed = match self.order.get_mut() {
            Some(Order::Kept { sequence, .. }) if is_new && at_once => {
                sequence.follow(update, &self.known, &mut ())
            }
            Some(Order::Kept { sequence, .. }) if is_new => {
                let rope = &mut self.rope;
                sequence.follow(update, &self.known, &mut Follower { rope, changes })
            }
            _ => None,
        };
        let length = self.yrs_length();
        let order_agrees = followed.is_some()
            && self
                .order()
                .sequence()
                .is_some_and(|sequence| sequence.visible() == length);
        if at_once || !order_agrees || self.rope.length().unit != length as usize {
            self.rope = TextRope::new(&self.yrs_text());
            changes.lose();
        }
        if !order_agrees {
            self.rebuild_order();
        }
        Ok(())
    }

    /// Compares the text with that of `yrs`, and puts right what is not as it should
    /// be. Says whether all was well. Costs a reading of the whole.
    pub fn settle(&mut self) -> bool {
        let text = self.yrs_text();
        let is_well = self.rope.text() == text;
        if !is_well {
            self.rope = TextRope::new(&text);
            self.rebuild_order();
        }
        is_well
    }

    /// The order, worked out if nothing was placed since the document was loaded.
    pub(super) fn order(&self) -> &Order {
        self.order.get_or_init(|| match self.order_as_known() {
            Some(sequence) => Order::Kept {
                sequence,
                losses: 0,
            },
            None => self.order_anew(1),
        })
    }

    fn rebuild_order(&mut self) {
        let losses = match self.order.take() {
            Some(Order::Kept { losses, .. }) => losses,
            Some(Order::GivenUp) => MAX_LOSSES,
            None => return,
        };
        let order = if losses < MAX_LOSSES {
            self.order_anew(losses + 1)
        } else {
            Order::GivenUp
        };
        self.order = OnceCell::from(order);
    }

    fn order_anew(&self, losses: u8) -> Order {
        match self.order_from_snapshot() {
            Some(sequence) => Order::Kept { sequence, losses },
            None => Order::GivenUp,
        }
    }

    /// The order of all that is here; `None` if it has not the length of the text.
    pub(super) fn order_as_known(&self) -> Option<Sequence> {
        let snapshot = self.snapshot();
        let mut sequence = Sequence::new();
        sequence.follow(&guard::parse(&snapshot).ok()?, &self.known, &mut ())?;
        (sequence.visible() == self.yrs_length()).then_some(sequence)
    }

    /// The order as a replica would have it that loads all of this; `None` if that
    /// does not come to the same text.
    fn order_from_snapshot(&self) -> Option<Sequence> {
        let snapshot = self.snapshot();
        let parsed = guard::parse(&snapshot).ok()?;
        let mut known = Known::default();
        known.absorb(&parsed).ok()?;
        let mut sequence = Sequence::new();
        let mut rope = TextRope::default();
        let mut follower = Follower {
            rope: &mut rope,
            changes: &mut Changes::unknown(),
        };
        sequence.follow(&parsed, &known, &mut follower)?;
        (rope.text() == self.rope.text()).then_some(sequence)
    }

    pub(super) fn yrs_text(&self) -> String {
        match self.doc.try_transact() {
            Ok(txn) => self.text.get_string(&txn),
            Err(_) => String::new(),
        }
    }

    fn yrs_length(&self) -> u32 {
        match self.doc.try_transact() {
            Ok(txn) => self.text.len(&txn),
            Err(_) => 0,
        }
    }
}
