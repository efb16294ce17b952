//! The document: one plain text that several people write at once.
//!
//! A `yrs` document with the text `content`, offsets in UTF-16 units, and
//! deleted text forgotten. Whatever comes from outside passes the
//! [`guard`] first; the document is the only place where `yrs` is
//! called. It does not know who writes, where bytes come from, or how they are
//! stored.

use std::cell::OnceCell;

use serde::{Deserialize, Serialize};
use yrs::{Doc, OffsetKind, Options, ReadTxn, TextRef, Transact};

use crate::changes::Changes;
use crate::edit::Edit;
use crate::encoding::write_var_u64;
use crate::guard::{self, Checked, Content, Known, Sender, UpdateError, check_state_vector};

#[cfg(test)]
mod agreement;
mod follow;
mod line_ends;
mod load;
mod located;
mod place;
mod position;
mod rope;
mod sequence;
mod size;
mod write;

use follow::Order;
pub(crate) use located::{common_prefix, common_suffix};
use rope::TextRope;

/// The most UTF-8 bytes that a note's text may have: 1 MiB.
pub const MAX_TEXT_BYTES: usize = 1 << 20;

/// The name of the text in the Yjs document; peers know it by this.
pub(crate) const ROOT: &str = "content";

/// The document's name inside `yrs`. It never leaves this process, and giving
/// one keeps `yrs` from rolling dice for it.
const GUID: &str = "note";

/// Names one replica of a document. Ids have 32 bits, as in Yjs 13.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct ClientId(pub u64);

/// One replica of a note's text.
pub struct Document {
    client: ClientId,
    doc: Doc,
    text: TextRef,
    known: Known,
    /// The longest text, in bytes of UTF-8.
    max_bytes: usize,
    /// The text again, to be read and measured without a walk over its history.
    rope: TextRope,
    /// Where each unit of the history stands; not asked yet after loading.
    order: OnceCell<Order>,
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
            max_bytes: MAX_TEXT_BYTES,
            rope: TextRope::default(),
            order: OnceCell::from(Order::new()),
        }
    }

    /// Makes the text hold so many bytes at most, instead of [`MAX_TEXT_BYTES`]. One that is
    /// longer already may only shrink.
    pub fn limit_text(&mut self, bytes: usize) {
        self.max_bytes = bytes;
    }

    /// The longest text, in bytes of UTF-8.
    pub fn max_bytes(&self) -> usize {
        self.max_bytes
    }

    /// Who writes in this replica.
    pub fn client(&self) -> ClientId {
        self.client
    }

    /// Whether nothing was ever written in it.
    pub fn is_new(&self) -> bool {
        self.known.clocks().len() == 0
    }

    /// Checks an untrusted update, that the text stays within
    /// [`MAX_TEXT_BYTES`] unless it shrinks, and that every replica will put it
    /// in the same place.
    pub fn check<'a>(&self, update: &'a [u8]) -> Result<Checked<'a>, UpdateError> {
        let checked = guard::check(update, &self.known, Sender::Stranger)?;
        self.check_size(&checked)?;
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
        self.apply_tracked(update, &mut Changes::unknown())
    }

    /// Takes in an update that was checked, and adds to `changes` what it did to the
    /// text.
    pub fn apply_tracked(
        &mut self,
        update: &Checked<'_>,
        changes: &mut Changes,
    ) -> Result<(), UpdateError> {
        self.take_in(update.bytes(), changes)
    }

    /// Takes in an update that was checked, and says where the text changed.
    pub fn apply_located(&mut self, update: &Checked<'_>) -> Result<Vec<Edit>, UpdateError> {
        let before = self.rope.clone();
        let mut changes = Changes::default();
        self.apply_tracked(update, &mut changes)?;
        let difference = || located::difference(&before.text(), &self.text());
        Ok(changes
            .into_edits()
            .unwrap_or_else(|| difference().into_iter().collect()))
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
        self.rope.text()
    }

    /// The text between two bytes; `None` if that is not in it, or cuts a character
    /// in two.
    pub fn slice(&self, from: usize, to: usize) -> Option<String> {
        self.rope.slice(from, to)
    }

    /// The UTF-16 offset of a byte of the text; `None` if that is past the end or within
    /// a character.
    pub fn unit_at(&self, byte: usize) -> Option<u32> {
        self.rope.unit(byte)
    }

    /// The text's length in UTF-16 units.
    pub fn len_utf16(&self) -> u32 {
        self.rope.length().unit as u32
    }

    /// The text's length in UTF-8 bytes.
    pub fn len_bytes(&self) -> usize {
        self.rope.length().byte
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

/// Makes one update of what was stored of a document, a snapshot, if there is one, and the
/// updates after it in their order: what [`Document::snapshot`] would give if it were loaded,
/// or as good, and no text that was deleted. It takes a fraction of what loading does.
///
/// # Errors
/// When these are no updates: storage is damaged.
pub fn merge_stored(snapshot: Option<&[u8]>, log: &[&[u8]]) -> Result<Vec<u8>, UpdateError> {
    guard::merge_and_forget(snapshot, log)
}

/// All text that updates put in, one piece after the other: what is left to show of
/// edits that cannot be placed.
pub fn inserted_text<'a>(updates: impl Iterator<Item = &'a [u8]>) -> String {
    let mut text = String::new();
    for parsed in updates.filter_map(|update| guard::parse(update).ok()) {
        for section in &parsed.sections {
            let read = section.each_struct(|_, item| {
                if let Content::Text(piece) = item.content {
                    text.push_str(piece);
                }
                Ok(())
            });
            // Checked by the parser already; if it ends all the same, the rest may not.
            if read.is_err() {
                text.push('\n');
            }
        }
    }
    text
}
