//! A note's room: event in, effects out. It holds the document, the view and the
//! sockets' sessions; it knows neither how bytes travel nor where rows are kept
//! (`durable_object.rs` does), asks nobody for the time and never waits.
//! The rules it keeps are numbered in `SPEC.md`.
//!
//! A keystroke comes in through [`Room::receive`], is checked and applied in
//! `room/edits.rs`, and leaves through [`Room::flush`].

mod actions;
mod asks;
mod awareness;
mod edits;
mod greeting;
mod index;
mod mentions;
mod outbox;
mod readers;
mod reload;
mod rights;
mod showing;
mod stored_view;
mod versions;
mod waking;

use std::collections::HashMap;

use note::view::{Title, View};
use note::{ClientId, Document, UpdateError};
use uuid::Uuid;

use crate::access::{Admission, Who};
use crate::effect::{Effect, Writer};
use crate::frame::{Frame, MAX_FRAME_BYTES};
use crate::members::Members;
use crate::notice::Notice;
use crate::notices::Notices;
use crate::people::{Known, People};
use crate::presence;
use crate::refusal::Refusal;
use crate::session::{FRAME_BURST, FRAMES_A_SECOND, Kept, Session, SessionId, Timestamp};
use crate::signals::{Signal, Signals};
use index::Indexing;
use outbox::Outbox;
use showing::Brought;
pub(crate) use stored_view::first_revision;
pub use versions::Versions;

/// Sockets a note may have open (contract §6).
pub const MAX_SESSIONS: usize = 200;
/// Sockets the published page of a note may have open, besides.
pub const MAX_PAGE_READERS: usize = 1_000;
/// Chat messages one person may send in a burst,
pub const MESSAGE_BURST: u64 = 10;
/// and a second.
pub const MESSAGES_A_SECOND: u64 = 1;
/// Edits that come within this time of the last sending are gathered into one
/// frame a socket; one that comes alone goes out at once.
pub const SEND_WINDOW_MS: u64 = 16;
/// The same while several write, at most: a millisecond for each socket that hears them.
pub(crate) const CROWDED_SEND_WINDOW_MS: u64 = 48;
/// Edits that come within this time of the last row are gathered into one row: what is
/// written is paid for by the row, and is to be stored within a second.
pub const ROW_WINDOW_MS: u64 = 900;

/// What a room starts from.
#[derive(Clone, Debug, Default)]
pub struct Stored {
    /// The snapshot, if there is one, and the log after it, in order.
    pub rows: Vec<Vec<u8>>,
    /// Number of the newest row.
    pub version: u64,
    /// Rows since the last fold.
    pub log_rows: usize,
    /// Their bytes.
    pub log_bytes: usize,
    /// The title that was set.
    pub title: Option<String>,
    /// The version the index knows.
    pub indexed: u64,
    /// Who wrote since.
    pub writers: Vec<Writer>,
    /// The revision under which the stored view was served, when nobody had the note open.
    pub revision: Option<u64>,
    /// When the newest row was written.
    pub changed_at: Timestamp,
    /// Which note this is.
    pub note: Uuid,
    /// Names its document: another one if the note was ever made anew. Empty for
    /// those from before there was a name.
    pub generation: String,
    /// Its synced signals.
    pub signals: Vec<Signal>,
    /// Who was ever in it.
    pub people: Vec<Known>,
    /// Notices the host has not taken yet.
    pub notices: Vec<Notice>,
}

/// Bounds an instance may change (`wrangler.toml`), and what it runs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Settings {
    /// Sockets a note may have open.
    pub max_sessions: usize,
    /// Sockets its published page may have open.
    pub max_page_readers: usize,
    /// Largest frame from a client, bytes.
    pub max_frame_bytes: usize,
    /// Longest text of a note, bytes of UTF-8.
    pub max_text_bytes: usize,
    /// Longest chat message, bytes of UTF-8.
    pub max_message_bytes: usize,
    /// Frames one socket may send in a burst,
    pub frame_burst: u64,
    /// and a second.
    pub frames_a_second: u64,
    /// Chat messages one person may send in a burst,
    pub message_burst: u64,
    /// and a second.
    pub messages_a_second: u64,
    /// Version of the code, for `hello`.
    pub server: String,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            max_sessions: MAX_SESSIONS,
            max_page_readers: MAX_PAGE_READERS,
            max_frame_bytes: MAX_FRAME_BYTES,
            max_text_bytes: note::MAX_TEXT_BYTES,
            max_message_bytes: crate::ask::MAX_MESSAGE_BYTES,
            frame_burst: FRAME_BURST,
            frames_a_second: FRAMES_A_SECOND,
            message_burst: MESSAGE_BURST,
            messages_a_second: MESSAGES_A_SECOND,
            server: String::new(),
        }
    }
}

/// A note's room.
pub struct Room {
    settings: Settings,
    doc: Document,
    view: View,
    /// Goes up with every change of the view. After a sleep it goes on where the
    /// sleeping pages are, or those that were served the stored view; after a restart
    /// it starts from [`first_revision`].
    revision: u64,
    brought: Brought,
    version: u64,
    title_set: Option<String>,
    title: String,
    /// What the text calls the note, when it was looked for last.
    titled: Title,
    members: Members,
    /// Who reads the note on its published page.
    readers: Members,
    /// Which socket each live client id belongs to.
    bound: HashMap<u64, SessionId>,
    outbox: Outbox,
    indexing: Indexing,
    note: Uuid,
    generation: String,
    signals: Signals,
    people: People,
    notices: Notices,
    /// The time asked for with [`Effect::Alarm`].
    alarm: Option<Timestamp>,
    /// It was opened after its memory was lost, rather than put to sleep.
    lost_memory: bool,
}

impl Room {
    /// Opens a room from what is stored, with the sockets that stayed open while
    /// the object slept. `client` is a fresh random id for edits made without a
    /// socket.
    ///
    /// # Errors
    /// When the stored rows build no document: storage is damaged.
    pub fn open(
        client: ClientId,
        settings: Settings,
        stored: &Stored,
        sockets: Vec<Kept>,
        now: Timestamp,
    ) -> Result<Self, UpdateError> {
        let mut doc = Document::load(client, stored.rows.iter().map(Vec::as_slice))?;
        doc.limit_text(settings.max_text_bytes);
        let view = View::new(&doc.text());
        let slept_at = waking::slept_at(&sockets, stored.version);
        let (pages, sockets): (Vec<_>, Vec<_>) = sockets
            .into_iter()
            .partition(|kept| kept.admission.page.is_some());
        let mut room = Self {
            settings,
            doc,
            view,
            revision: slept_at
                .or(stored.revision)
                .unwrap_or_else(|| first_revision(stored.version, now)),
            brought: Brought::default(),
            version: stored.version,
            title_set: stored.title.clone(),
            title: String::new(),
            titled: Title::default(),
            members: Members::default(),
            readers: Members::woken(pages, now),
            bound: HashMap::new(),
            outbox: Outbox::default(),
            indexing: Indexing::new(stored),
            note: stored.note,
            generation: stored.generation.clone(),
            signals: Signals::default(),
            people: People::new(stored.people.clone()),
            notices: Notices::new(stored.notices.clone(), now),
            alarm: None,
            lost_memory: slept_at.is_none(),
        };
        room.view.name(room.revision);
        room.title = room.shown_title();
        for kept in sockets {
            room.bound
                .extend(kept.clients.keys().map(|&client| (client, kept.id)));
            let mut session = Session::woken(kept, now);
            // Frames that were taken in and not stored are gone with the memory;
            // until a step 2 brings them nothing of this socket is called saved.
            session.kept.progress.hole |=
                session.kept.progress.frames != session.kept.progress.through;
            // One that has not answered yet answers what the lost memory asked; it is
            // asked again, and only that answer is everything.
            let unmet = session.kept.progress.unmet;
            session.stale = session.kept.progress.frames == 0 && !unmet;
            session.kept.progress.hole |= session.stale;
            session.dirty = false;
            session.told_since = room.revision.saturating_add(1);
            session.shown = slept_at
                .filter(|_| !session.kept.progress.behind)
                .unwrap_or(0);
            room.members.sessions.insert(session.kept.id, session);
        }
        room.members.rate_frames(&room.settings, now);
        room.wake_readers(slept_at);
        room.signals = Signals::open(&stored.signals, &room.members);
        let mut sessions = room.members.sessions.values();
        if sessions.all(|session| !session.kept.progress.unmet) {
            room.outbox.told_here = room.members.count_people();
        }
        Ok(room)
    }

    /// A socket comes in: it is told who it is, asked for what it has (step 1),
    /// and shown the view it lacks and who is there (H1-H4).
    pub fn join(&mut self, id: SessionId, mut admission: Admission, now: Timestamp) -> Vec<Effect> {
        // A turn holds source text and events.
        admission.packed &= admission.events && admission.page.is_none();
        if admission.page.is_some() {
            return self.join_reader(id, admission, now);
        }
        let mut effects = Vec::new();
        if self.members.sessions.len() >= self.settings.max_sessions {
            let refusal = Refusal::Crowded;
            let Some(other) = self.members.makes_way(&admission) else {
                let session = id;
                effects.push(Effect::Close { session, refusal });
                return effects;
            };
            self.close(other, refusal, now, &mut effects);
        }
        let events = admission.events;
        let served = admission.revision;
        if events {
            // What was gathered but not rendered yet is rendered first, so that
            // the revision in `hello` is the one the next patches start from.
            self.flush_view(&mut effects);
        }
        let hello = self.hello(&admission);
        let mut session = Session::new(id, admission, now);
        session.rate_frames(&self.settings, now);
        session.shown = self.revision;
        let needs_view = events && served != Some(self.revision);
        session.told_since = if needs_view {
            0
        } else {
            self.revision.saturating_add(1)
        };
        self.members.sessions.insert(id, session);
        self.members.tell(vec![id], &|| hello.clone(), &mut effects);
        self.greet(id, needs_view, now, &mut effects);
        self.want_alarm(&mut effects);
        effects
    }

    /// A socket has gone; what it showed goes with it.
    pub fn leave(&mut self, id: SessionId, now: Timestamp) -> Vec<Effect> {
        let mut effects = Vec::new();
        if !self.forget_reader(id) && self.forget(id, now, &mut effects) {
            self.flush(now, &mut effects);
        }
        effects
    }

    /// A binary frame from a socket.
    pub fn receive(&mut self, id: SessionId, bytes: &[u8], now: Timestamp) -> Vec<Effect> {
        let mut effects = Vec::new();
        self.members.recheck_sender(id, now, &mut effects);
        let Some(session) = self.members.sessions.get_mut(&id) else {
            self.refuse_reader(id, &mut effects);
            return effects;
        };
        let refused = if bytes.len() > self.settings.max_frame_bytes {
            Err(Refusal::TooLarge)
        } else if !session.spend(now) {
            Err(Refusal::TooFast)
        } else {
            self.dispatch(id, bytes, now, &mut effects)
        };
        if let Err(refusal) = refused {
            self.turn_out(id, refusal, now, &mut effects);
        }
        effects
    }

    fn dispatch(
        &mut self,
        id: SessionId,
        bytes: &[u8],
        now: Timestamp,
        effects: &mut Vec<Effect>,
    ) -> Result<(), Refusal> {
        match Frame::decode(bytes).map_err(|_unreadable| Refusal::Malformed)? {
            Frame::Step1(state_vector) => self.answer_step_1(id, state_vector, effects),
            Frame::Step2(update) => self.receive_step_2(id, update, now, effects),
            Frame::Update(update) => self.receive_update(id, update, now, effects),
            Frame::Awareness(states) => self.receive_awareness(id, states, now, effects),
            Frame::QueryAwareness => {
                self.send_all_awareness(id, effects);
                Ok(())
            }
            // Auth is the server's to say.
            Frame::PermissionDenied(_) => Err(Refusal::Malformed),
        }
    }

    fn answer_step_1(
        &mut self,
        id: SessionId,
        state_vector: &[u8],
        effects: &mut Vec<Effect>,
    ) -> Result<(), Refusal> {
        let missing = self
            .doc
            .diff(state_vector)
            .map_err(|_malformed| Refusal::Malformed)?;
        self.members
            .send(vec![id], &Frame::Step2(&missing), effects);
        Ok(())
    }

    /// The timer that [`Effect::Timer`] asked for.
    pub fn tick(&mut self, now: Timestamp) -> Vec<Effect> {
        let mut effects = Vec::new();
        self.outbox.timer = None;
        self.flush(now, &mut effects);
        effects
    }

    /// A server action changed something: renders once, sends what changed to
    /// those meant. Who was not meant gets the whole view with the next change
    /// that is for them.
    pub fn refresh(&mut self, who: &Who) -> Vec<Effect> {
        let mut effects = Vec::new();
        self.flush_view_to(who, &mut effects);
        self.members.attach_dirty(&mut effects);
        self.readers.attach_dirty(&mut effects);
        effects
    }

    /// A write failed: nothing since the last row is certain. Everyone is told,
    /// closed with a code that means "again", and brings back what it has.
    pub fn storage_failed(&mut self, now: Timestamp) -> Vec<Effect> {
        let mut effects = Vec::new();
        self.outbox.forget_unstored();
        for session in self.members.sessions.values_mut() {
            session.unstored = None;
        }
        self.members.refuse(
            self.members.everyone(),
            crate::event::Refusable::Save,
            Refusal::Storage,
            &mut effects,
        );
        effects.extend(self.close_everyone(Refusal::Storage, now));
        effects.push(Effect::Reload);
        effects
    }

    /// What the key is about is gone: every socket is closed. What was written is
    /// stored all the same.
    pub fn close_everyone(&mut self, why: Refusal, now: Timestamp) -> Vec<Effect> {
        let mut effects = Vec::new();
        for id in self.members.everyone() {
            self.close(id, why, now, &mut effects);
        }
        self.close_readers(why, &mut effects);
        effects
    }

    /// Its sockets, readers of the published page apart.
    pub(crate) fn members(&self) -> &Members {
        &self.members
    }

    /// What to keep beside a session's socket.
    #[must_use]
    pub fn attachment(&mut self, id: SessionId) -> Option<Kept> {
        let member = self.members.attachment(id);
        member.or_else(|| self.readers.attachment(id))
    }

    /// The sockets in the room.
    #[must_use]
    pub fn sessions(&self) -> usize {
        self.members.sessions.len()
    }

    /// The text as it stands.
    #[must_use]
    pub fn text(&self) -> String {
        self.doc.text()
    }

    /// Removes a session and what it showed; true if it was there. What waits to be
    /// stored must belong to somebody who is here (W3), so it is stored first.
    fn forget(&mut self, id: SessionId, now: Timestamp, effects: &mut Vec<Effect>) -> bool {
        self.flush_row(now, effects);
        let Some(session) = self.members.sessions.remove(&id) else {
            return false;
        };
        for (client, shown) in session.kept.clients {
            self.bound.remove(&client);
            if shown.state.is_some() {
                let gone = presence::Shown {
                    clock: shown.clock.saturating_add(1),
                    state: None,
                };
                self.outbox.awareness.insert(client, gone);
            }
        }
        self.signals
            .forget(&session.kept.holds, &self.members, effects);
        self.tell_slide(&session.kept.holds, effects);
        self.outbox.presence_due = true;
        true
    }

    /// Closes a socket for what it sent, and tells the others that it is gone.
    fn turn_out(
        &mut self,
        id: SessionId,
        refusal: Refusal,
        now: Timestamp,
        effects: &mut Vec<Effect>,
    ) {
        self.close(id, refusal, now, effects);
        // Where the document is to be built anew, it is shown when it was.
        if !effects.contains(&Effect::Reload) {
            self.flush(now, effects);
        }
    }

    /// Closes a socket and forgets its session.
    fn close(
        &mut self,
        id: SessionId,
        refusal: Refusal,
        now: Timestamp,
        effects: &mut Vec<Effect>,
    ) {
        self.members
            .refuse(vec![id], crate::event::Refusable::Frame, refusal, effects);
        if self.forget(id, now, effects) {
            effects.push(Effect::Close {
                session: id,
                refusal,
            });
        }
    }
}
