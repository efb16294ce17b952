//! The note's entry in the index over all notes, and the folding of the log: work
//! of the object's alarm, never in the way of a keystroke.

use std::collections::{BTreeMap, BTreeSet};

use note::ClientId;
use note::changes::Changes;
use uuid::Uuid;

use crate::access::Admission;
use crate::effect::{Effect, IndexEntry, Writer};
use crate::person::Person;
use crate::room::{Room, Stored};
use crate::session::{SessionId, Timestamp};

/// The index is written this long after a pause in the typing.
pub(super) const INDEX_PAUSE_MS: u64 = 2_000;
/// An alarm that finds people still typing costs a row, so the longer they do the later
/// the next one looks: after this share of the time so far,
const LOOKS_LATER_BY: u64 = 2;
/// up to this.
const LOOKS_AT_LATEST_MS: u64 = 8_000;
/// And at the latest this long after a change, while people go on typing: it
/// costs the whole text.
pub(super) const INDEX_AT_LATEST_MS: u64 = 60_000;
/// First wait after the index could not be written, doubled with each,
const INDEX_RETRY_MS: u64 = 5_000;
/// up to this: a minute after the database is back the index is right.
const INDEX_RETRY_AT_MOST_MS: u64 = 30_000;
/// The log is folded into a snapshot beyond so many rows,
const FOLD_ROWS: usize = 1_000;
/// or so many bytes, or this share of what was folded last: what is folded loads three
/// times as fast as what is cut up row by row, and costs a row for each 900 kB.
const FOLD_BYTES: usize = 64 << 10;
const FOLD_SHARE: usize = 8;
/// What the index does not know yet.
pub(super) struct Indexing {
    /// The version the index knows.
    known: u64,
    /// When the oldest change it does not know was made.
    changed_first: Option<Timestamp>,
    /// When the newest change was made.
    changed_last: Timestamp,
    /// When the alarm is to look after it.
    pub(super) alarm: Option<Timestamp>,
    /// After a failure: when to try again.
    retry_at: Option<Timestamp>,
    /// Who wrote since mentions were last looked for, the last one last.
    pub(super) lately: Vec<Person>,
    /// Writes that failed in a row.
    failures: u32,
    /// Who wrote since the index last knew.
    writers: BTreeMap<Uuid, Writer>,
    /// One of them is not stored yet.
    pub(super) has_new_writer: bool,
    /// Who wrote since the object woke; recorded once.
    recorded: BTreeSet<Uuid>,
    /// Client ids whose author was recorded since the object woke.
    authors: BTreeSet<u64>,
    log_rows: usize,
    log_bytes: usize,
    folded_bytes: usize,
    /// The version whose view was stored since the object woke.
    pub(super) view_of: u64,
}

impl Indexing {
    pub(super) fn new(stored: &Stored) -> Self {
        let all: usize = stored.rows.iter().map(Vec::len).sum();
        let behind = stored.indexed < stored.version || !stored.writers.is_empty();
        // A title that was set is no row: it was when who set it was written down.
        let written = stored.writers.iter().map(|writer| writer.at);
        let changed_at = written.fold(stored.changed_at, u64::max);
        Self {
            known: stored.indexed,
            changed_first: behind.then_some(changed_at),
            changed_last: changed_at,
            alarm: None,
            retry_at: None,
            lately: stored.writers.iter().map(|it| it.person.clone()).collect(),
            failures: 0,
            writers: stored
                .writers
                .iter()
                .map(|writer| (writer.person.id, writer.clone()))
                .collect(),
            has_new_writer: false,
            recorded: BTreeSet::new(),
            authors: BTreeSet::new(),
            log_rows: stored.log_rows,
            log_bytes: stored.log_bytes,
            folded_bytes: all.saturating_sub(stored.log_bytes),
            view_of: 0,
        }
    }

    /// A row was stored.
    pub(super) fn stored(&mut self, bytes: usize, now: Timestamp) {
        self.log_rows = self.log_rows.saturating_add(1);
        self.log_bytes = self.log_bytes.saturating_add(bytes);
        self.changed(now);
    }

    /// Something the index shows changed.
    pub(super) fn changed(&mut self, now: Timestamp) {
        self.changed_first.get_or_insert(now);
        self.changed_last = now;
    }

    fn due(&self) -> Option<Timestamp> {
        let first = self.changed_first?;
        let pause = self.changed_last.saturating_add(INDEX_PAUSE_MS);
        let due = pause.min(first.saturating_add(INDEX_AT_LATEST_MS));
        Some(due.max(self.retry_at.unwrap_or(0)))
    }

    /// When to look again whether people have stopped typing.
    fn next_look(&self, now: Timestamp) -> Option<Timestamp> {
        let first = self.changed_first?;
        let typed_for = now.saturating_sub(first);
        let wait = (typed_for / LOOKS_LATER_BY).min(LOOKS_AT_LATEST_MS);
        let at_latest = first.saturating_add(INDEX_AT_LATEST_MS);
        let look = now.saturating_add(wait).min(at_latest);
        self.due().map(|due| due.max(look))
    }

    fn wants_folding(&self) -> bool {
        self.log_rows > FOLD_ROWS || self.log_bytes > FOLD_BYTES.max(self.folded_bytes / FOLD_SHARE)
    }
}

impl Room {
    /// Records who first brought edits under these client ids, and that they wrote.
    pub(super) fn record_authors(
        &mut self,
        id: SessionId,
        clients: &[ClientId],
        now: Timestamp,
        effects: &mut Vec<Effect>,
    ) {
        let Some(session) = self.members.sessions.get(&id) else {
            return;
        };
        let admission = session.kept.admission.clone();
        for client in clients {
            if self.indexing.authors.insert(client.0) {
                effects.push(Effect::Author {
                    client: client.0,
                    person: admission.person.id,
                    at: now,
                });
            }
        }
        self.record_writer(&admission, now);
    }

    /// Records that somebody wrote, once while the object is awake. It is stored with what
    /// they wrote.
    pub(super) fn record_writer(&mut self, admission: &Admission, now: Timestamp) {
        let person = &admission.person;
        let lately = &mut self.indexing.lately;
        lately.retain(|writer| writer.id != person.id);
        lately.push(person.clone());
        if self.indexing.recorded.insert(person.id) {
            self.remember_writer(admission, now);
        }
    }

    /// Records that somebody set the title. No row says that the index is behind, so this
    /// is stored with the title: whoever wrote is known until the index knows.
    pub(super) fn record_title(
        &mut self,
        by: &Admission,
        now: Timestamp,
        effects: &mut Vec<Effect>,
    ) {
        self.remember_writer(by, now);
        self.store_writers(effects);
        self.indexing.changed(now);
    }

    fn remember_writer(&mut self, admission: &Admission, now: Timestamp) {
        let writer = Writer {
            person: admission.person.clone(),
            credential: admission.credential.clone(),
            at: now,
        };
        self.indexing.writers.insert(admission.person.id, writer);
        self.indexing.has_new_writer = true;
    }

    /// Stores who wrote, if somebody did for the first time since the object woke.
    pub(super) fn store_writers(&mut self, effects: &mut Vec<Effect>) {
        let is_new = std::mem::take(&mut self.indexing.has_new_writer);
        if is_new && !self.indexing.writers.is_empty() {
            let writers = self.indexing.writers.values().cloned().collect();
            effects.push(Effect::Writers(writers));
        }
    }

    /// Asks for an alarm when something is to be indexed and none is set. While
    /// people type it is set once a pause's length, not once a row: setting one
    /// costs a row itself.
    pub(super) fn ask_for_alarm(&mut self, now: Timestamp, effects: &mut Vec<Effect>) {
        if self.indexing.changed_first.is_some() && self.indexing.alarm.is_none() {
            let at = now.saturating_add(INDEX_PAUSE_MS);
            self.indexing.alarm = Some(at);
        }
        self.want_alarm(effects);
    }

    /// There is one alarm for all that waits: it is set to the earliest.
    pub(super) fn want_alarm(&mut self, effects: &mut Vec<Effect>) {
        let due = [
            self.indexing.alarm,
            self.notices.due(),
            self.members.rights_end_at(),
        ];
        if let Some(due) = due.into_iter().flatten().min()
            && self.alarm.is_none_or(|asked| due < asked)
        {
            self.alarm = Some(due);
            effects.push(Effect::Alarm(due));
        }
    }

    /// The alarm: folds the log when it is long, writes the index when it is due,
    /// else asks again. Harmless when it fires twice or late (S5).
    pub fn alarm(&mut self, now: Timestamp) -> Vec<Effect> {
        let mut effects = Vec::new();
        // While it runs it counts as set, so that storing what waits asks for none.
        self.alarm = Some(now);
        self.indexing.alarm = Some(now);
        let due = self.indexing.due().is_some_and(|due| due <= now);
        if due || self.indexing.wants_folding() {
            self.flush_row(now, &mut effects);
        }
        self.alarm = None;
        self.indexing.alarm = None;
        if self.indexing.wants_folding() {
            // Folding reads the whole note anyhow.
            if !self.doc.settle() {
                self.outbox.changes = Changes::unknown();
                self.flush(now, &mut effects);
            }
            let snapshot = self.doc.snapshot();
            self.indexing.folded_bytes = snapshot.len();
            self.indexing.log_rows = 0;
            self.indexing.log_bytes = 0;
            effects.push(Effect::Fold {
                through: self.version,
                snapshot,
            });
        }
        if due {
            self.look_for_mentions(now, &mut effects);
            self.store_view(&mut effects);
            effects.push(Effect::Index(self.index_entry()));
        } else {
            self.indexing.alarm = self.indexing.next_look(now);
        }
        self.notices.hand_over(now, &mut effects);
        self.members.recheck_what_ended(now, &mut effects);
        self.want_alarm(&mut effects);
        effects
    }

    fn index_entry(&self) -> IndexEntry {
        let text = self.doc.text();
        IndexEntry {
            version: self.version,
            title: self.title.clone(),
            excerpt: note::summary::excerpt(&text),
            text,
            at: self.indexing.changed_last,
            writers: self.indexing.writers.values().cloned().collect(),
        }
    }

    /// The index was written up to a version, or could not be: then it is tried
    /// again, ever more slowly, and editing goes on.
    pub fn indexed(&mut self, entry: &IndexEntry, written: bool, now: Timestamp) -> Vec<Effect> {
        let mut effects = Vec::new();
        if written {
            self.indexing.failures = 0;
            self.indexing.retry_at = None;
            self.indexing.known = entry.version;
            self.indexing
                .writers
                .retain(|_, writer| !entry.writers.contains(writer));
            effects.push(Effect::Indexed(entry.version));
            // Who wrote meanwhile.
            self.indexing.has_new_writer = true;
            self.store_writers(&mut effects);
            if self.version == entry.version && self.indexing.changed_last == entry.at {
                self.indexing.changed_first = None;
            } else {
                self.indexing.changed_first = Some(entry.at);
            }
            self.ask_for_alarm(now, &mut effects);
        } else {
            let wait = INDEX_RETRY_MS
                .saturating_mul(1 << self.indexing.failures.min(4))
                .min(INDEX_RETRY_AT_MOST_MS);
            self.indexing.failures = self.indexing.failures.saturating_add(1);
            let at = now.saturating_add(wait);
            self.indexing.retry_at = Some(at);
            self.indexing.alarm = Some(at);
            self.want_alarm(&mut effects);
        }
        effects
    }

    /// The title as shown: the one that was set, else what the note says itself, else
    /// the first heading or line.
    pub(super) fn shown_title(&mut self) -> String {
        match self.title_set.clone() {
            Some(title) => title,
            None => self.title_of_text(),
        }
    }

    /// What the text says.
    pub(super) fn title_of_text(&mut self) -> String {
        self.titled = self.view.title();
        let title = self.titled.text.clone();
        title.unwrap_or_else(|| "Untitled".to_owned())
    }
}
