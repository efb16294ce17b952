//! A chat room: event in, effects out. It holds who is here and how far the room
//! has got; the messages themselves stay in storage and are read through
//! [`History`]. Like a note's room it asks nobody for the time and never waits.
//! The rules it keeps are numbered in `SPEC.md` (M, T, G, N).
//!
//! A message comes in through [`Chat::receive_text`], is checked and stored in
//! `chat/write.rs`, and told to everyone.

mod here;
mod history;
mod message;
mod order;
mod past;
mod write;

use std::collections::HashMap;

use uuid::Uuid;

use crate::access::{Admission, Asker, Who};
use crate::action::{Action, Done, Request};
use crate::ask::Ask;
use crate::effect::Effect;
use crate::event::{Event, Limits, Refusable};
use crate::key::Key;
use crate::members::{Denied, Members};
use crate::notice::Notice;
use crate::notices::Notices;
use crate::people::{Known, People};
use crate::reading::Reading;
use crate::refusal::Refusal;
use crate::rights::Rights;
use crate::room::Settings;
use crate::rooms::Wanted;
use crate::session::{Kept, Session, SessionId, Timestamp};
use crate::signals::{Signal, Signals};
use here::Here;
pub use history::{History, Unreadable};
pub use message::Message;
pub use order::Order;
use order::Rates;

/// How long somebody counts as writing after [`Event::Typing`].
pub const TYPING_MS: u64 = 3_000;

/// What a chat room starts from.
#[derive(Clone, Debug)]
pub struct StoredChat {
    /// Which room.
    pub key: Key,
    /// Its title, as last heard from the Worker.
    pub title: Option<String>,
    /// Number of the newest message; 0 for none.
    pub newest: u64,
    /// Number of the newest change of a message.
    pub revision: u64,
    /// How it is kept.
    pub order: Order,
    /// Its synced signals.
    pub signals: Vec<Signal>,
    /// Who was ever in it.
    pub people: Vec<Known>,
    /// Notices the host has not taken yet.
    pub notices: Vec<Notice>,
}

/// A chat room.
pub struct Chat {
    settings: Settings,
    key: Key,
    title: String,
    members: Members,
    people: People,
    signals: Signals,
    notices: Notices,
    newest: u64,
    revision: u64,
    order: Order,
    rates: Rates,
    /// When somebody's writing was last told.
    typed: HashMap<Uuid, Timestamp>,
    here: Here,
    /// The time asked for with [`Effect::Alarm`].
    alarm: Option<Timestamp>,
}

impl Chat {
    /// Opens a room from what is stored, with the sockets that stayed open while
    /// the object slept.
    #[must_use]
    pub fn open(
        settings: Settings,
        stored: StoredChat,
        sockets: Vec<Kept>,
        now: Timestamp,
    ) -> Self {
        let mut members = Members::woken(sockets, now);
        members.rate_frames(&settings, now);
        Self {
            settings,
            key: stored.key,
            title: stored.title.unwrap_or_default(),
            people: People::new(stored.people),
            signals: Signals::open(&stored.signals, &members),
            members,
            notices: Notices::new(stored.notices, now),
            newest: stored.newest,
            revision: stored.revision,
            order: stored.order,
            rates: Rates::default(),
            typed: HashMap::new(),
            here: Here::default(),
            alarm: None,
        }
    }

    /// What a wake owes: notices nobody has taken yet are handed over.
    pub fn wake(&mut self) -> Vec<Effect> {
        let mut effects = Vec::new();
        self.ask_for_alarm(&mut effects);
        effects
    }

    /// Goes back to what is stored, after a write that failed. A timer or an alarm
    /// that was to follow the write was never set.
    pub fn reload(&mut self, stored: StoredChat, now: Timestamp) -> Vec<Effect> {
        self.newest = stored.newest;
        self.revision = stored.revision;
        self.order = stored.order;
        self.people = People::new(stored.people);
        self.signals = Signals::open(&stored.signals, &self.members);
        self.notices = Notices::after_a_failure(stored.notices, now);
        self.here = Here::default();
        self.alarm = None;
        self.wake()
    }

    /// A socket comes in: it is told who it is, how the room is kept, who is
    /// there, and the messages it lacks (M5).
    pub fn join(
        &mut self,
        id: SessionId,
        admission: Admission,
        history: &impl History,
        now: Timestamp,
    ) -> Vec<Effect> {
        let mut effects = Vec::new();
        if self.members.sessions.len() >= self.settings.max_sessions {
            let refusal = Refusal::Crowded;
            let Some(other) = self.members.makes_way(&admission) else {
                let session = id;
                effects.push(Effect::Close { session, refusal });
                return effects;
            };
            self.close(other, refusal, &mut effects);
        }
        self.entitle(admission.title.as_deref(), &mut effects);
        if let Some(known) = self.people.meet(&admission.person, now) {
            effects.push(Effect::Known(known.clone()));
        }
        let hello = self.hello(&admission);
        let (person, revision) = (admission.person.id, admission.revision);
        let mut session = Session::new(id, admission, now);
        session.rate_frames(&self.settings, now);
        self.members.sessions.insert(id, session);
        self.members.tell(vec![id], &|| hello.clone(), &mut effects);
        self.tell_order(vec![id], &mut effects);
        self.signals.tell_all(id, &self.members, &mut effects);
        let told = self
            .tell_seen(id, person, history, &mut effects)
            .and_then(|()| self.tell_what_is_new(id, revision, history, &mut effects));
        if told.is_err() {
            self.close(id, Refusal::Storage, &mut effects);
        }
        // Who waits to hear of somebody can; the newcomer cannot.
        if !self.people_changed(now, &mut effects) {
            self.members.tell_presence(vec![id], &mut effects);
        }
        self.members.attach_dirty(&mut effects);
        self.ask_for_alarm(&mut effects);
        effects
    }

    /// A socket has gone.
    pub fn leave(&mut self, id: SessionId, now: Timestamp) -> Vec<Effect> {
        let mut effects = Vec::new();
        if self.forget(id, &mut effects) {
            self.people_changed(now, &mut effects);
        }
        effects
    }

    /// A binary frame: nobody has one to send here (T2).
    pub fn receive(&mut self, id: SessionId, now: Timestamp) -> Vec<Effect> {
        let mut effects = Vec::new();
        self.close(id, Refusal::Malformed, &mut effects);
        self.people_changed(now, &mut effects);
        effects
    }

    /// A text frame from a socket.
    pub fn receive_text(
        &mut self,
        id: SessionId,
        text: &str,
        history: &impl History,
        now: Timestamp,
    ) -> Vec<Effect> {
        let mut effects = Vec::new();
        self.members.recheck_sender(id, now, &mut effects);
        let Some(session) = self.members.sessions.get_mut(&id) else {
            return effects;
        };
        let ask = if session.spend(now) {
            Ask::decode(text)
        } else {
            Err(Refusal::TooFast)
        };
        match ask {
            Ok(ask) => {
                if let Err(denied) = self.ask(id, &ask, history, now, &mut effects) {
                    self.members.deny(id, &denied, &mut effects);
                }
            }
            Err(refusal) => {
                self.close(id, refusal, &mut effects);
                self.people_changed(now, &mut effects);
            }
        }
        effects
    }

    fn ask(
        &mut self,
        id: SessionId,
        ask: &Ask,
        history: &impl History,
        now: Timestamp,
        effects: &mut Vec<Effect>,
    ) -> Result<(), Denied> {
        let Some(session) = self.members.sessions.get_mut(&id) else {
            return Ok(());
        };
        let by = session.kept.admission.clone();
        // Messages have a rate of their own, by person (T3).
        if !matches!(ask, Ask::Say { .. }) {
            session.spend_ask(now).map_err(|wait| ask.denied(wait))?;
        }
        match ask {
            Ask::Say { id: own, text } => self
                .say(id, &by, (own, text), history, now, effects)
                .map_err(|denied| denied.about(own)),
            Ask::Change { number, text } => {
                self.change(id, &by, (*number, text), history, now, effects)
            }
            Ask::Delete { number } => self.delete(id, &by, *number, history, now, effects),
            Ask::Typing => {
                self.typing(&by, now, effects);
                Ok(())
            }
            Ask::History { before } => self.tell_older(id, *before, history, effects),
            Ask::Seen { number } => self.seen(id, &by, *number, history, effects),
            Ask::Mute { person, seconds } => self.mute(&by, *person, *seconds, now, effects),
            Ask::Slow { seconds } => self.slow(&by, *seconds, effects),
            Ask::Set {
                name,
                value,
                while_here,
            } => {
                let set = (name.as_str(), value, *while_here);
                self.signals
                    .receive(id, set, &mut self.members, now, effects)
            }
        }
    }

    /// The timer that [`Effect::Timer`] asked for.
    pub fn tick(&mut self, now: Timestamp) -> Vec<Effect> {
        let mut effects = Vec::new();
        self.tell_who_is_here(now, &mut effects);
        effects
    }

    /// The alarm: hands over notices. Harmless when it fires twice or late.
    pub fn alarm(&mut self, now: Timestamp) -> Vec<Effect> {
        let mut effects = Vec::new();
        self.alarm = None;
        self.notices.hand_over(now, &mut effects);
        self.members.recheck_what_ended(now, &mut effects);
        self.ask_for_alarm(&mut effects);
        effects
    }

    /// Whose rights the host is to be asked for: of these sockets, or of all.
    #[must_use]
    pub fn askers(&self, which: Option<&[SessionId]>) -> Vec<Asker> {
        self.members.askers(which)
    }

    /// The host said what these may do now, or could not (none).
    pub fn rights(
        &mut self,
        asked: &[Asker],
        rights: Option<&Rights>,
        now: Timestamp,
    ) -> Vec<Effect> {
        let mut effects = Vec::new();
        let changed = self.members.take_rights(asked, rights, &mut effects);
        let news = !changed.changed.is_empty() || !changed.removed.is_empty();
        for (session, refusal) in changed.removed {
            if self.forget(session, &mut effects) {
                effects.push(Effect::Close { session, refusal });
            }
        }
        self.signals.release(&mut self.members, &mut effects);
        if news {
            self.people_changed(now, &mut effects);
        }
        self.members.attach_dirty(&mut effects);
        self.ask_for_alarm(&mut effects);
        effects
    }

    /// The host took notices, or could not.
    pub fn notified(&mut self, notices: &[Notice], taken: bool, now: Timestamp) -> Vec<Effect> {
        let mut effects = Vec::new();
        self.notices.handed(notices, taken, now, &mut effects);
        self.ask_for_alarm(&mut effects);
        effects
    }

    /// What a request does here: somebody's new name. All else comes by socket.
    ///
    /// # Errors
    /// The refusal to answer with; then nothing was changed.
    pub fn act(
        &mut self,
        request: &Request,
        now: Timestamp,
    ) -> Result<(Done, Vec<Effect>), Refusal> {
        let Action::Introduce = request.action else {
            return Err(Refusal::NotFound);
        };
        let mut effects = Vec::new();
        let theirs = self.members.introduce(&request.by);
        if !theirs.is_empty() {
            if let Some(known) = self.people.meet(&request.by.person, now) {
                effects.push(Effect::Known(known.clone()));
            }
            self.members.attach_dirty(&mut effects);
            self.people_changed(now, &mut effects);
        }
        let done = Done {
            version: self.newest,
            title: self.title.clone(),
            ticked: None,
        };
        Ok((done, effects))
    }

    /// The room as it stands: how far it has got, and its newest messages.
    ///
    /// # Errors
    /// [`Refusal::Storage`] when they can't be read.
    pub fn read(&self, wanted: Wanted, history: &impl History) -> Result<Reading, Refusal> {
        let messages = if wanted.html {
            let newest = self.newest_messages(history);
            newest.map_err(|_unreadable| Refusal::Storage)?
        } else {
            Vec::new()
        };
        Ok(Reading {
            version: self.newest,
            revision: self.revision,
            title: self.title.clone(),
            messages,
            ..Reading::default()
        })
    }

    /// Tells those meant once more what a server action may have changed: the
    /// title and how the room is kept. Messages are told when they are made.
    pub fn refresh(&mut self, who: &Who) -> Vec<Effect> {
        let mut effects = Vec::new();
        let meant = self.members.meant(who);
        let event = || Event::Title {
            title: self.title.clone(),
        };
        self.members.tell(meant.clone(), &event, &mut effects);
        self.tell_order(meant, &mut effects);
        effects
    }

    /// A write failed: everyone is told, closed with a code that means "again",
    /// and sends again what was not acknowledged (M3).
    pub fn storage_failed(&mut self) -> Vec<Effect> {
        let mut effects = Vec::new();
        let everyone = self.members.everyone();
        self.members
            .refuse(everyone, Refusable::Message, Refusal::Storage, &mut effects);
        effects.extend(self.close_everyone(Refusal::Storage));
        effects.push(Effect::Reload);
        effects
    }

    /// What the key is about is gone: every socket is closed.
    pub fn close_everyone(&mut self, why: Refusal) -> Vec<Effect> {
        let mut effects = Vec::new();
        for id in self.members.everyone() {
            self.close(id, why, &mut effects);
        }
        effects
    }

    /// Its sockets.
    pub(crate) fn members(&self) -> &Members {
        &self.members
    }

    /// What to keep beside a session's socket.
    #[must_use]
    pub fn attachment(&mut self, id: SessionId) -> Option<Kept> {
        self.members.attachment(id)
    }

    /// Removes a session and what it held; true if it was there.
    fn forget(&mut self, id: SessionId, effects: &mut Vec<Effect>) -> bool {
        let Some(session) = self.members.sessions.remove(&id) else {
            return false;
        };
        self.signals
            .forget(&session.kept.holds, &self.members, effects);
        true
    }

    fn close(&mut self, id: SessionId, refusal: Refusal, effects: &mut Vec<Effect>) {
        self.members
            .refuse(vec![id], Refusable::Frame, refusal, effects);
        if self.forget(id, effects) {
            effects.push(Effect::Close {
                session: id,
                refusal,
            });
        }
    }

    /// The Worker knows the title, and says it with each that comes in.
    fn entitle(&mut self, title: Option<&str>, effects: &mut Vec<Effect>) {
        let Some(title) = title.filter(|title| *title != self.title) else {
            return;
        };
        title.clone_into(&mut self.title);
        effects.push(Effect::Title(Some(title.to_owned())));
        let event = || Event::Title {
            title: self.title.clone(),
        };
        self.members.tell(self.members.everyone(), &event, effects);
    }

    fn hello(&self, admission: &Admission) -> Event {
        Event::Hello {
            you: admission.person.clone(),
            access: admission.access,
            version: self.newest,
            revision: self.revision,
            title: self.title.clone(),
            generation: None,
            server: self.settings.server.clone(),
            limits: Limits {
                text_bytes: self.settings.max_message_bytes as u64,
                frame_bytes: crate::ask::MAX_ASK_BYTES as u64,
            },
        }
    }

    fn ask_for_alarm(&mut self, effects: &mut Vec<Effect>) {
        let due = [self.notices.due(), self.members.rights_end_at()];
        if let Some(due) = due.into_iter().flatten().min()
            && self.alarm.is_none_or(|asked| due < asked)
        {
            self.alarm = Some(due);
            effects.push(Effect::Alarm(due));
        }
    }
}
