//! The guard: a structural check of everything untrusted, before `yrs` sees it.
//!
//! `yrs` trusts its peers: a few bytes make it reserve gigabytes, panic, loop
//! for ever, or hold an update it can never place. So the guard reads every
//! update by itself first, allocates nothing by a declared count, and lets
//! through only what an honest editor of one plain text writes, and only when
//! all it builds on is already there. It does not hold the document, only what
//! the document is known to contain.

use std::borrow::Cow;

use thiserror::Error;

use crate::document::ClientId;
use crate::encoding::DecodeError;

mod cost;
mod known;
mod merged;
mod order;
mod ranges;
mod room;
mod runs;
mod state_vector;
mod structs;

pub(crate) use known::Known;
pub(crate) use merged::{beyond, merge, merge_and_forget, write};
pub(crate) use ranges::Ranges;
pub use state_vector::{StateVector, check_state_vector};
pub(crate) use structs::{Content, Id, Neighbours, Parsed, Struct, parse, read_struct};

/// Why an update was not taken in. The document is as it was, except after
/// [`UpdateError::Pending`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum UpdateError {
    /// No honest editor writes this.
    #[error("the update is malformed: {0}")]
    Malformed(&'static str),
    /// It builds on something that has not arrived: a sync brings it.
    #[error("the update builds on something that is not here yet")]
    Gap,
    /// The text would grow past what a note may hold.
    #[error("the note is full: take something out before putting more in")]
    Full,
    /// The document could not place it, and must be thrown away and loaded again.
    #[error("the update could not be placed: the note has to be loaded again")]
    Pending,
}

impl From<DecodeError> for UpdateError {
    fn from(error: DecodeError) -> Self {
        Self::Malformed(match error {
            DecodeError::Ended => "it ends in the middle of a value",
            DecodeError::Overflow => "a number is too large, or longer than it need be",
            DecodeError::NotUtf8 => "a text is not UTF-8",
        })
    }
}

/// An update that the guard has let through.
#[derive(Debug, Clone)]
pub struct Checked<'a> {
    bytes: Cow<'a, [u8]>,
    clients: Vec<ClientId>,
    pub(crate) tally: Tally,
}

/// What an update would do to a document, counted.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Tally {
    /// Structs that are new.
    pub(crate) new_structs: usize,
    /// UTF-8 bytes of the text in new structs.
    pub(crate) inserted_bytes: usize,
    /// Delete ranges of which something was still there.
    pub(crate) new_deletions: usize,
    /// UTF-16 units in those ranges.
    pub(crate) deleted_units: usize,
    /// New structs that two neighbours were not seen to have room for.
    pub(crate) squeezed: usize,
}

impl<'a> Checked<'a> {
    /// The update, without what the document had already. Replicas differ in
    /// what they make of a struct that claims to be one they have, so none of
    /// them is shown a claim.
    pub fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// Whose structs in it are new here.
    pub fn clients_with_new_structs(&self) -> &[ClientId] {
        &self.clients
    }

    /// Whether the document would differ: new structs, or a deletion of
    /// something that is not deleted yet. What adds nothing is no edit.
    pub fn adds_anything(&self) -> bool {
        self.tally.new_structs > 0 || self.tally.new_deletions > 0
    }

    /// The UTF-8 bytes of the text in new structs.
    pub fn inserted_bytes(&self) -> usize {
        self.tally.inserted_bytes
    }

    /// Whether it deletes something that is not deleted yet.
    pub fn deletes(&self) -> bool {
        self.tally.new_deletions > 0
    }

    /// Whether deleting is all it does.
    pub fn only_deletes(&self) -> bool {
        self.deletes() && self.tally.new_structs == 0
    }
}

/// Who sends an update.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Sender {
    /// Anybody.
    Stranger,
    /// Who has checked it before, or made it: its cost is what it is.
    Trusted,
}

/// Checks an update against what a document already has.
pub(crate) fn check<'a>(
    bytes: &'a [u8],
    known: &Known,
    sender: Sender,
) -> Result<Checked<'a>, UpdateError> {
    let parsed = parse(bytes)?;
    if sender == Sender::Stranger {
        cost::check_count(&parsed)?;
    }
    let (bytes, (clients, tally)) = match merged::beyond(&parsed, known)? {
        None => (Cow::Borrowed(bytes), check_news(&parsed, known, sender)?),
        Some(news) => {
            let checked = check_news(&parse(&news)?, known, sender)?;
            (Cow::Owned(news), checked)
        }
    };
    Ok(Checked {
        bytes,
        clients,
        tally,
    })
}

/// Checks an update that a document took in before, of which nothing is known already:
/// that it goes on where what is known ends, that nothing in it builds on itself, and
/// nothing is deleted that is not there. Whether its structs wait for each other `yrs`
/// says.
pub(crate) fn check_stored(parsed: &Parsed<'_>, known: &Known) -> Result<(), UpdateError> {
    for section in &parsed.sections {
        if section.start > known.clock(section.client) {
            return Err(UpdateError::Gap);
        }
        section.each_struct(|clock, item| {
            let Neighbours {
                origin,
                right_origin,
            } = item.neighbours;
            let is_to_come = |id: &Id| id.client == section.client && id.clock >= clock;
            if [origin, right_origin].iter().flatten().any(is_to_come) {
                return Err(UpdateError::Malformed("a struct builds on itself"));
            }
            Ok(())
        })?;
    }
    check_deletions(parsed, known, &mut Tally::default())
}

/// Checks an update that brings only structs that are new, and says whose.
fn check_news(
    parsed: &Parsed<'_>,
    known: &Known,
    sender: Sender,
) -> Result<(Vec<ClientId>, Tally), UpdateError> {
    let mut tally = Tally::default();
    order::check(parsed, known, &mut tally)?;
    if sender == Sender::Stranger {
        cost::check_steps(known, &tally)?;
    }
    check_deletions(parsed, known, &mut tally)?;
    let clients = parsed
        .sections
        .iter()
        .map(|section| section.client)
        .collect();
    Ok((clients, tally))
}

/// A deletion may reach only as far as what is here, with this update.
fn check_deletions(
    parsed: &Parsed<'_>,
    known: &Known,
    tally: &mut Tally,
) -> Result<(), UpdateError> {
    parsed.each_deletion(|client, from, to| {
        let arriving = parsed.section(client).map_or(0, |section| section.end);
        if to > known.clock(client).max(arriving) {
            return Err(UpdateError::Gap);
        }
        if !known.is_deleted(client, from, to) {
            tally.new_deletions += 1;
            tally.deleted_units += (to - from) as usize;
        }
        Ok(())
    })
}
