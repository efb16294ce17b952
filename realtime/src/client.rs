//! The page's half: event in, commands out. It keeps one socket for its key alive,
//! whatever runs behind the key; of a note it holds the page's document, knows
//! which of the page's edits are stored, and never says so on a guess. The shell is
//! `browser.rs`; time and random numbers are given to it.

mod awareness;
mod chat;
mod command;
mod keeping;
mod kept;
mod kept_note;
mod link;
mod present;
mod random;
mod synced;
mod taking;
mod unsaved;
mod unsent;

use note::edit::Edit;
use note::{Document, EditError};
use serde_json::Value;

use crate::ask::Ask;
use crate::event::Event;
use crate::frame::Frame;
use crate::key::Kind;
use crate::packed::{Blocks, is_turn};
use crate::session::Timestamp;
use awareness::Awareness;
pub use chat::ChatLog;
pub use command::{Back, Command, OnDevice, Output, Status};
use keeping::Keeping;
pub use keeping::REMADE;
pub use kept::{Apart, Found, KeptEdit, WhyApart};
pub use kept_note::KeptNote;
use link::Line;
pub use link::{Link, Transport};
use present::Present;
use random::{fresh_client_id, next};
pub use synced::{Heard, Synced};
use unsaved::Unsaved;
pub use unsent::{UnsentState, Waiting};

/// The socket is pinged after so long; the runtime answers without waking the
/// object.
const PING_EVERY_MS: u64 = 5_000;
/// A ping that is unanswered so long means the network is gone: browsers do not
/// say so by themselves.
const PONG_WITHIN_MS: u64 = 5_000;
/// An edit that is unacknowledged so long on a live socket means the object lost
/// its memory; connecting again brings it back.
const SAVED_WITHIN_MS: u64 = 15_000;

/// The page's end of a key.
pub struct Client {
    kind: Kind,
    /// Of a note; empty and unused behind other keys.
    doc: Document,
    /// The text was here once.
    ready: bool,
    line: Line,
    /// This socket is in step: of a note, its step 1 was answered, so edits may be
    /// sent as they happen; elsewhere, `hello` came.
    answered: bool,
    /// Document frames sent on this socket.
    sent: u64,
    unsaved: Unsaved,
    keeping: Keeping,
    saved_at: Option<Timestamp>,
    /// Of the view of a note, or of the messages of a chat room.
    revision: Option<u64>,
    /// Of the view, as far as it was told here.
    blocks: Blocks,
    awareness: Awareness,
    /// The last `hello` of a note, as it came: the device keeps it.
    greeting: String,
    present: Present,
    told: Option<Status>,
    /// Source of fresh client ids and of jitter, seeded by the shell.
    random: u64,
}

impl Client {
    /// A client of a key of this kind that is not connected yet. `seed` is a random
    /// number; `revision` is the view the page was served with.
    #[must_use]
    pub fn new(seed: u64, revision: Option<u64>, kind: Kind) -> Self {
        let mut random = seed | 1;
        let id = fresh_client_id(&mut random);
        Self {
            kind,
            doc: Document::new(id),
            ready: false,
            line: Line::default(),
            answered: false,
            sent: 0,
            unsaved: Unsaved::default(),
            keeping: Keeping::default(),
            saved_at: None,
            revision,
            blocks: Blocks::default(),
            awareness: Awareness::default(),
            greeting: String::new(),
            present: Present::default(),
            told: None,
            random,
        }
    }

    /// The document as the page has it.
    #[must_use]
    pub fn document(&self) -> &Document {
        &self.doc
    }

    /// The view the page was served with, from a part of the page that comes after
    /// the first: nothing once the client has started.
    pub fn served_with(&mut self, revision: Option<u64>) {
        if self.line.is_new() && self.revision.is_none() {
            self.revision = revision;
        }
    }

    /// The page shows a view of its own: of no revision, so the whole one is asked for,
    /// and whatever builds on another is refused (V4).
    pub fn view_is_own(&mut self) {
        self.revision = None;
    }

    /// Connects for the first time; nothing when it has.
    pub fn start(&mut self, now: Timestamp) -> Vec<Command> {
        let mut commands = Vec::new();
        if self.line.is_new() {
            self.connect(now, &mut commands);
        }
        self.tell_status(&mut commands);
        commands
    }

    /// What a part of the page that comes later has to be told first, in order.
    #[must_use]
    pub fn present(&self) -> Vec<Output> {
        let events = self.present.events().iter().cloned();
        let mut outputs: Vec<_> = events.map(Output::Event).collect();
        if self.ready {
            outputs.push(Output::Ready {
                text: self.doc.text(),
            });
            outputs.push(Output::Awareness(self.awareness.others()));
        }
        outputs.extend(self.keeping.apart());
        outputs.extend(self.told.clone().map(Output::Status));
        outputs
    }

    /// Asks the room for something. Empty when that cannot be done now: nothing is
    /// kept for later.
    #[must_use]
    pub fn ask(&self, ask: &Ask) -> Vec<Command> {
        let live = self.line.is_open() && self.answered;
        let text = live.then(|| serde_json::to_string(ask).ok()).flatten();
        text.map(Command::Say).into_iter().collect()
    }

    /// Changes the text: the document at once, the others as soon as the socket
    /// is in step.
    ///
    /// # Errors
    /// When the places are not in the text, or the note would be too large, or the
    /// key is not a note's.
    pub fn edit(&mut self, edits: &[Edit], now: Timestamp) -> Result<Vec<Command>, EditError> {
        if self.kind != Kind::Document {
            return Err(EditError::Range);
        }
        let update = self.doc.edit(edits)?;
        let mut commands = Vec::new();
        let live = self.line.is_open() && self.answered;
        if live {
            self.send_document_frame(&Frame::Update(&update), &mut commands);
        }
        let number = self.unsaved.made(live.then_some(self.sent), now);
        self.keep(number, update, &mut commands);
        self.tell_status(&mut commands);
        Ok(commands)
    }

    /// Shows the others a state, such as where the cursor is.
    pub fn show(&mut self, state: &Value) -> Vec<Command> {
        let mut commands = Vec::new();
        self.awareness.show(state);
        self.send_awareness(&mut commands);
        commands
    }

    /// The socket opened: who asks first gets what it lacks first.
    pub fn opened(&mut self, now: Timestamp) -> Vec<Command> {
        let mut commands = Vec::new();
        self.line.opened(now);
        self.answered = false;
        self.sent = 0;
        self.keeping.opened(now);
        if self.kind == Kind::Document {
            // First of all the state, which binds the client id to this socket.
            self.send_awareness(&mut commands);
            commands.push(Command::Send(
                Frame::Step1(&self.doc.state_vector()).encode(),
            ));
        }
        self.tell_status(&mut commands);
        commands
    }

    /// The socket closed, or failed to open.
    pub fn closed(&mut self, code: u16, reason: &str, now: Timestamp) -> Vec<Command> {
        let mut commands = Vec::new();
        if code == crate::Refusal::IdInUse.close_code() {
            self.renew_id();
        }
        self.unsaved.unsent();
        self.keeping.closed(self.ready);
        self.doubt(code, &mut commands);
        let jitter = next(&mut self.random);
        self.line.closed(code, reason, jitter, now);
        self.put_apart_where_gone(&mut commands);
        if self.awareness.forget_others() {
            commands.push(Command::Tell(Output::Awareness(Vec::new())));
        }
        self.tell_status(&mut commands);
        commands
    }

    /// A binary frame from the server.
    pub fn receive(&mut self, bytes: &[u8], now: Timestamp) -> Vec<Command> {
        let mut commands = Vec::new();
        self.line.heard(now);
        if self.kind != Kind::Document {
            return commands;
        }
        if is_turn(bytes) {
            self.receive_turn(bytes, now, &mut commands);
            self.tell_status(&mut commands);
            return commands;
        }
        match Frame::decode(bytes) {
            Ok(Frame::Step1(state_vector)) => {
                self.keeping.asked.push(state_vector.to_vec());
                self.answer_when_due(now, &mut commands);
            }
            Ok(Frame::Step2(update)) => {
                self.take(update, now, &mut commands);
                self.keeping.has_stepped();
                self.answer_when_due(now, &mut commands);
                if !self.ready {
                    self.ready = true;
                    commands.push(Command::Tell(Output::Ready {
                        text: self.doc.text(),
                    }));
                }
                // Where the others are was told before there was a text to show it in.
                commands.push(Command::Tell(Output::Awareness(self.awareness.others())));
            }
            Ok(Frame::Update(update)) => self.take(update, now, &mut commands),
            Ok(Frame::Awareness(states)) => {
                if self.awareness.receive(states, self.doc.client()) {
                    commands.push(Command::Tell(Output::Awareness(self.awareness.others())));
                }
            }
            Ok(Frame::QueryAwareness) => self.send_awareness(&mut commands),
            Ok(Frame::PermissionDenied(_)) | Err(_) => {}
        }
        self.tell_status(&mut commands);
        commands
    }

    /// A text frame from the server: an event, or `pong`.
    pub fn receive_text(&mut self, text: &str, now: Timestamp) -> Vec<Command> {
        let mut commands = Vec::new();
        self.line.heard(now);
        if let Ok(event) = serde_json::from_str::<Event>(text) {
            if let (Kind::Document, Event::Hello { .. }) = (self.kind, &event) {
                text.clone_into(&mut self.greeting);
            }
            self.take_event(event, now, &mut commands);
        }
        self.tell_status(&mut commands);
        commands
    }

    /// Time passes: to be called about once a second while the page is open.
    pub fn tick(&mut self, now: Timestamp) -> Vec<Command> {
        let mut commands = Vec::new();
        // Of who may not write, nothing will be stored.
        let unsaved_too_long = self.answered
            && self.keeping.may_write()
            && (self.unsaved.since())
                .is_some_and(|since| self.line.is_unsaved_too_long(since, now));
        let is_in_step = self.answered && (self.keeping.stepped || self.kind != Kind::Document);
        if self.line.is_dead(is_in_step, now) || unsaved_too_long {
            commands.push(Command::Drop);
            commands.extend(self.closed(1006, "no answer", now));
        } else if self.line.wants_ping(now) {
            commands.push(Command::Ping);
        }
        if self.line.wants_connecting(now) {
            self.connect(now, &mut commands);
        }
        if self.line.wants_probe(now) {
            commands.push(Command::Probe);
        }
        self.answer_when_due(now, &mut commands);
        self.tell_status(&mut commands);
        commands
    }

    /// The network is back, the page came to the front, or somebody pressed "Try
    /// now": tries at once, and checks a socket that seems open.
    pub fn wake(&mut self, now: Timestamp) -> Vec<Command> {
        let mut commands = Vec::new();
        if !self.line.is_open() {
            // A try that is under way was perhaps made without a network, and is given up
            // the sooner.
            self.line.forgive();
        }
        if self.line.can_connect_now() {
            self.connect(now, &mut commands);
        } else if self.line.ping_now(now) {
            commands.push(Command::Ping);
        }
        self.tell_status(&mut commands);
        commands
    }

    /// A WebSocket gets through where requests carried until now.
    pub fn socket_works(&mut self, now: Timestamp) -> Vec<Command> {
        let mut commands = Vec::new();
        if self.line.is_open() && self.line.transport() == Transport::Requests {
            commands.push(Command::Drop);
            commands.extend(self.closed(1000, "a WebSocket gets through", now));
            self.line.probed();
            self.connect(now, &mut commands);
        }
        self.tell_status(&mut commands);
        commands
    }

    fn connect(&mut self, now: Timestamp, commands: &mut Vec<Command>) {
        // A feed does without: each line is one of the few requests that a browser
        // keeps open to a server.
        let transport = match self.kind {
            Kind::Feed => Transport::WebSocket,
            Kind::Document | Kind::Chat => self.line.next_transport(),
        };
        self.line.connecting(transport, now);
        commands.push(Command::Connect {
            transport,
            revision: self.revision,
        });
    }

    /// Step 2 carries everything the object lacks, so every unsaved edit is in it.
    fn answer_step_1(&mut self, state_vector: &[u8], now: Timestamp, commands: &mut Vec<Command>) {
        let Ok(missing) = self.doc.diff(state_vector) else {
            return self.start_again(now, commands);
        };
        self.send_document_frame(&Frame::Step2(&missing), commands);
        self.answered = true;
        self.unsaved.sent_in(self.sent);
    }

    fn take_event(&mut self, event: Event, now: Timestamp, commands: &mut Vec<Command>) {
        match &event {
            Event::Saved { through, .. } => {
                self.forget_stored(*through, commands);
                if self.unsaved.is_empty() {
                    self.saved_at = Some(now);
                    self.line.all_saved();
                    self.keeping.all_saved(now);
                }
            }
            Event::View {
                revision,
                from,
                patches,
            } => {
                if from.is_none() {
                    self.blocks.forget();
                } else if *from != self.revision {
                    return self.lose_view(now, commands);
                }
                patches.iter().for_each(|patch| self.blocks.hear(patch));
                self.revision = Some(*revision);
            }
            Event::Hello { .. } if self.kind != Kind::Document => self.answered = true,
            Event::Hello {
                you,
                access,
                generation,
                limits,
                ..
            } => {
                let longest = usize::try_from(limits.text_bytes).unwrap_or(usize::MAX);
                self.doc.limit_text(longest);
                let generation = generation.clone().unwrap_or_default();
                if self.lets_go((you.id, *access, &generation), now, commands) {
                    return;
                }
                if self.is_other_document(&generation) {
                    return self.end_with(WhyApart::OtherDocument, now, commands);
                }
                self.keeping.met(you.id, *access, generation);
            }
            Event::Access { access } => self.keeping.set_access(*access),
            Event::Message { message } => self.revision = self.revision.max(Some(message.revision)),
            Event::Messages { messages, .. } => {
                let newest = messages.iter().map(|message| message.revision).max();
                self.revision = self.revision.max(newest);
            }
            _ => {}
        }
        self.present.keep(&event);
        commands.push(Command::Tell(Output::Event(event)));
    }

    /// Drops the socket and connects at once.
    fn start_again(&mut self, now: Timestamp, commands: &mut Vec<Command>) {
        commands.push(Command::Drop);
        commands.extend(self.closed(1006, "out of step", now));
    }

    /// Another window writes under the same id: goes on under a fresh one.
    fn renew_id(&mut self) {
        let snapshot = self.doc.snapshot();
        let id = fresh_client_id(&mut self.random);
        if let Ok(doc) = Document::load(id, [snapshot.as_slice()]) {
            self.replace_document(doc);
            self.awareness.renewed();
        }
    }

    fn send_document_frame(&mut self, frame: &Frame<'_>, commands: &mut Vec<Command>) {
        self.sent = self.sent.saturating_add(1);
        let bytes = frame.encode();
        self.line.said(bytes.len());
        commands.push(Command::Send(bytes));
    }

    fn send_awareness(&self, commands: &mut Vec<Command>) {
        if self.line.is_open() && self.kind == Kind::Document {
            let bytes = self.awareness.message(self.doc.client());
            commands.push(Command::Send(Frame::Awareness(&bytes).encode()));
        }
    }

    fn status(&self) -> Status {
        let in_step = self.answered && (self.ready || self.kind != Kind::Document);
        Status {
            link: self.line.link(in_step),
            transport: self.line.transport(),
            waiting: self.unsaved.edits().saturating_add(self.keeping.found()),
            waiting_since: self.unsaved.since(),
            device: self.on_device(),
            kept: self.kept_edits(),
            saved_at: self.saved_at,
            retry_at: self.line.retry_at(),
            back: self.keeping.back(),
        }
    }

    fn tell_status(&mut self, commands: &mut Vec<Command>) {
        let status = self.status();
        if self.told.as_ref() != Some(&status) {
            self.told = Some(status.clone());
            commands.push(Command::Tell(Output::Status(status)));
        }
    }
}
