//! The document: one plain text that several people write at once.
//!
//! A `yrs` document with the text `content`, offsets in UTF-16 units, and
//! deleted text forgotten. Whatever comes from outside passes the
//! [`guard`] first; the document is the only place where `yrs` is
//! called. It does not know who writes, where bytes come from, or how they are
//! stored.

use std::cell::RefCell;
use std::rc::Rc;

use serde::{Deserialize, Serialize};
use yrs::updates::decoder::Decode;
use yrs::{
    Doc, GetString, Observable, OffsetKind, Options, ReadTxn, Text, TextRef, Transact, Update,
};

use crate::edit::{self, Edit, EditError};
use crate::encoding::write_var_u64;
use crate::guard::{self, Checked, Known, Sender, UpdateError, check_state_vector};

mod located;
mod place;
pub(crate) use located::{common_prefix, common_suffix};
mod position;
mod size;

/// The most UTF-8 bytes that a note's text may have: 1 MiB.
pub const MAX_TEXT_BYTES: usize = 1 << 20;

/// The name of the text in the Yjs document; peers know it by this.
pub(crate) const ROOT: &str = "content";

/// The document's name inside `yrs`. It never leaves this process, and giving
/// one keeps `yrs` from rolling dice for it.
const GUID: &str = "note";

/// The key of our only observer.
const OBSERVER: &str = "located";

/// Names one replica of a document. Ids have 32 bits, as in Yjs 13.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct ClientId(pub u64);

/// One replica of a note's text.
pub struct Document {
    client: ClientId,
    doc: Doc,
    text: TextRef,
    known: Known,
    size: size::Size,
    /// Counts the changes, so that a count made at a check can be told to be old.
    revision: u64,
}

impl std::fmt::Debug for Document {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        // The text is somebody's: it does not belong in logs.
        let length = self.len_utf16();
        formatter
            .debug_struct("Document")
            .field("client", &self.client)
            .field("length", &length)
            .finish()
    }
}

impl Document {
    /// An empty document that will write as `client`, of which only the low 32
    /// bits count.
    pub fn new(client: ClientId) -> Self {
        let client = ClientId(client.0 & u64::from(u32::MAX));
        let mut options =
            Options::with_guid_and_client_id(GUID.into(), yrs::ClientID::new(client.0));
        options.offset_kind = OffsetKind::Utf16;
        options.skip_gc = false;
        let doc = Doc::with_options(options);
        let text = doc.get_or_insert_text(ROOT);
        Self {
            client,
            doc,
            text,
            known: Known::default(),
            size: size::Size::default(),
            revision: 0,
        }
    }

    /// Loads what was stored: a snapshot, and then updates in their order.
    pub fn load<'a>(
        client: ClientId,
        rows: impl IntoIterator<Item = &'a [u8]>,
    ) -> Result<Self, UpdateError> {
        let mut document = Self::new(client);
        for row in rows {
            let checked = document.check_of_any_size(row)?;
            document.apply(&checked)?;
        }
        Ok(document)
    }

    /// Who writes in this replica.
    pub fn client(&self) -> ClientId {
        self.client
    }

    /// Makes edits in one transaction and returns the update for the others.
    pub fn edit(&mut self, edits: &[Edit]) -> Result<Vec<u8>, EditError> {
        edit::check_order(edits, self.len_utf16())?;
        self.check_edits(edits)?;
        let update = {
            let mut txn = self.doc.try_transact_mut().or(Err(EditError::Broken))?;
            // From the end, so that the offsets before stay what they were.
            for edit in edits.iter().rev() {
                if edit.to > edit.from {
                    self.text
                        .remove_range(&mut txn, edit.from, edit.to - edit.from);
                }
                if !edit.insert.is_empty() {
                    self.text.insert(&mut txn, edit.from, &edit.insert);
                }
            }
            txn.encode_update_v1()
        };
        self.revision += 1;
        for edit in edits {
            self.size.grow(edit.insert.len());
            self.size.pairs |= edit.insert.bytes().any(|byte| byte >= 0xf0);
        }
        guard::parse(&update)
            .and_then(|parsed| self.known.absorb(&parsed))
            .or(Err(EditError::Broken))?;
        Ok(update)
    }

    /// Checks an untrusted update, that the text stays within
    /// [`MAX_TEXT_BYTES`] unless it shrinks, and that every replica will put it
    /// in the same place.
    pub fn check<'a>(&self, update: &'a [u8]) -> Result<Checked<'a>, UpdateError> {
        let mut checked = guard::check(update, &self.known, Sender::Stranger)?;
        checked.size_after = self.check_size(&checked)?;
        self.check_place(&checked)?;
        Ok(checked)
    }

    /// Checks an untrusted update's form and that nothing it builds on is lacking:
    /// for a replica that follows another, which has already decided on the rest.
    pub fn check_of_any_size<'a>(&self, update: &'a [u8]) -> Result<Checked<'a>, UpdateError> {
        guard::check(update, &self.known, Sender::Trusted)
    }

    /// Takes in an update that was checked. After [`UpdateError::Pending`] throw
    /// this document away and load it again.
    pub fn apply(&mut self, update: &Checked<'_>) -> Result<(), UpdateError> {
        {
            let decoded = Update::decode_v1(update.bytes()).or(Err(UpdateError::Pending))?;
            let mut txn = self.doc.try_transact_mut().or(Err(UpdateError::Pending))?;
            txn.apply_update(decoded).or(Err(UpdateError::Pending))?;
            if txn.has_missing_updates() {
                return Err(UpdateError::Pending);
            }
        }
        let parsed = guard::parse(update.bytes())?;
        self.known.absorb(&parsed)?;
        self.size.absorb(update, self.revision);
        self.revision += 1;
        Ok(())
    }

    /// Takes in an update that was checked, and says where the text changed.
    pub fn apply_located(&mut self, update: &Checked<'_>) -> Result<Vec<Edit>, UpdateError> {
        // An update can cut a character of two units in two, which changes text
        // that no delta mentions.
        let text_before = (self.size.pairs || update.tally.has_pairs).then(|| self.text());
        let found = Rc::new(RefCell::new(Vec::new()));
        let finder = Rc::clone(&found);
        self.text.observe(OBSERVER, move |txn, event| {
            finder
                .borrow_mut()
                .extend(located::edits_of(event.delta(txn)));
        });
        let applied = self.apply(update);
        self.text.unobserve(OBSERVER);
        applied?;
        let edits = found.take();
        match text_before {
            Some(before) => Ok(located::proven(&before, &self.text(), edits)),
            None => Ok(edits),
        }
    }

    /// The update that a peer with this state vector lacks.
    pub fn diff(&self, state_vector: &[u8]) -> Result<Vec<u8>, UpdateError> {
        let theirs = check_state_vector(state_vector)?
            .into_iter()
            .map(|(client, clock)| (yrs::ClientID::new(client.0), clock))
            .collect();
        let txn = self.doc.try_transact().or(Err(UpdateError::Pending))?;
        Ok(txn.encode_diff_v1(&theirs))
    }

    /// What this replica has, for a peer to find out what it lacks.
    pub fn state_vector(&self) -> Vec<u8> {
        let clocks = self.known.clocks();
        let mut out = Vec::new();
        write_var_u64(&mut out, clocks.len() as u64);
        for (client, clock) in clocks {
            write_var_u64(&mut out, client.0);
            write_var_u64(&mut out, u64::from(clock));
        }
        out
    }

    /// The whole document as one update.
    pub fn snapshot(&self) -> Vec<u8> {
        match self.doc.try_transact() {
            Ok(txn) => txn.encode_diff_v1(&yrs::StateVector::default()),
            Err(_) => Vec::new(),
        }
    }

    /// The text.
    pub fn text(&self) -> String {
        match self.doc.try_transact() {
            Ok(txn) => self.text.get_string(&txn),
            Err(_) => String::new(),
        }
    }

    /// The text's length in UTF-16 units.
    pub fn len_utf16(&self) -> u32 {
        match self.doc.try_transact() {
            Ok(txn) => self.text.len(&txn),
            Err(_) => 0,
        }
    }
}

/// Makes one update of several, which does what they do in this order. They must
/// be ones that documents took in: each goes on where those before it end.
pub fn merge_updates(updates: &[&[u8]]) -> Result<Vec<u8>, UpdateError> {
    match updates {
        [only] => Ok(only.to_vec()),
        _ => guard::merge(updates),
    }
}
