//! Feeds: keys on which only the server speaks, to one person or to everybody.
//! Event in, effects out. The truth is the host's database; a feed asks for it
//! when somebody comes or something changed, compares it with what it told last,
//! and tells the difference, once (N4 to N7).

mod changes;

use serde::{Deserialize, Serialize};

use crate::access::{Admission, Asker, Who};
use crate::action::{Action, Done, Request};
use crate::effect::Effect;
use crate::event::{Event, Limits, Refusable};
use crate::key::Key;
use crate::members::Members;
use crate::notice::{Announcement, Notification};
use crate::refusal::Refusal;
use crate::rights::Rights;
use crate::room::Settings;
use crate::session::{Kept, Session, SessionId, Timestamp};

/// Pages one object tells what is said to everybody; there are
/// [`crate::GLOBAL_SHARDS`] of them.
pub const MAX_GLOBAL_SESSIONS: usize = 5_000;
/// First wait after the host's database could not be read; doubled up to a minute.
const RETRY_MS: u64 = 1_000;

/// What a feed has to say now, by the host's database.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FeedState {
    /// Of one person.
    Person {
        /// How many notifications are unread, those not in the list included.
        unread: u64,
        /// The newest, newest first.
        notifications: Vec<Notification>,
    },
    /// Of everybody.
    Everyone {
        /// What is said to everybody now.
        announcement: Option<Announcement>,
    },
}

/// What a feed told last, as it is stored: after a sleep, only what changed since
/// is told.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Told {
    /// It.
    pub state: FeedState,
    /// Its number.
    pub revision: u64,
}

/// A feed.
pub struct Feed {
    settings: Settings,
    most: usize,
    members: Members,
    told: Option<Told>,
    /// What is told is what the database said since the object woke.
    fresh: bool,
    /// Questions to the database: how many were asked, and the newest answered.
    asked: u64,
    answered: u64,
    /// For whom each open question was asked.
    waiting: Vec<(u64, Who)>,
    failures: u32,
    /// When to ask again after a failure.
    retry_at: Option<Timestamp>,
}

impl Feed {
    /// Opens a feed with the sockets that stayed open while the object slept.
    #[must_use]
    pub fn open(
        settings: Settings,
        key: &Key,
        told: Option<Told>,
        sockets: Vec<Kept>,
        now: Timestamp,
    ) -> Self {
        let mut members = Members::woken(sockets, now);
        for session in members.sessions.values_mut() {
            // Who was left out of the newest, or told nothing yet, gets all of it.
            session.shown = match &told {
                Some(told) if !session.kept.progress.behind => told.revision,
                _ => 0,
            };
        }
        Self {
            most: match key {
                Key::Global => MAX_GLOBAL_SESSIONS,
                _ => settings.max_sessions,
            },
            settings,
            members,
            told,
            fresh: false,
            asked: 0,
            answered: 0,
            waiting: Vec::new(),
            failures: 0,
            retry_at: None,
        }
    }

    /// A socket comes in: it is told who it is, and what there is to say, at once
    /// if that is known.
    pub fn join(&mut self, id: SessionId, admission: Admission, now: Timestamp) -> Vec<Effect> {
        let mut effects = Vec::new();
        if self.members.sessions.len() >= self.most {
            effects.push(Effect::Close {
                session: id,
                refusal: Refusal::Crowded,
            });
            return effects;
        }
        let alone = self.members.sessions.is_empty();
        let hello = self.hello(&admission);
        let mut session = Session::new(id, admission, now);
        session.kept.progress.behind = true;
        self.members.sessions.insert(id, session);
        self.members.tell(vec![id], &|| hello.clone(), &mut effects);
        if self.fresh && !alone {
            self.tell_newcomers(&mut effects);
        } else {
            self.ask_host(Who::Include(Vec::new()), &mut effects);
        }
        self.members.attach_dirty(&mut effects);
        effects
    }

    /// Whose rights the host is to be asked for: of these sockets, or of all.
    #[must_use]
    pub fn askers(&self, which: Option<&[SessionId]>) -> Vec<Asker> {
        self.members.askers(which)
    }

    /// The host said who may go on listening, or could not (none).
    pub fn rights(&mut self, asked: &[Asker], rights: Option<&Rights>) -> Vec<Effect> {
        let mut effects = Vec::new();
        let changed = self.members.take_rights(asked, rights, &mut effects);
        for (session, refusal) in changed.removed {
            if self.members.sessions.remove(&session).is_some() {
                effects.push(Effect::Close { session, refusal });
            }
        }
        self.members.attach_dirty(&mut effects);
        effects
    }

    /// A socket has gone.
    pub fn leave(&mut self, id: SessionId) -> Vec<Effect> {
        self.members.sessions.remove(&id);
        Vec::new()
    }

    /// A frame from a socket: nobody but the server speaks here (T2).
    pub fn receive(&mut self, id: SessionId) -> Vec<Effect> {
        let mut effects = Vec::new();
        self.close(id, Refusal::Malformed, &mut effects);
        effects
    }

    /// Something changed in the host's database that those meant are to see.
    pub fn refresh(&mut self, who: &Who) -> Vec<Effect> {
        let mut effects = Vec::new();
        self.ask_host(who.clone(), &mut effects);
        effects
    }

    /// The host's answer to a question, or that it has none: then it is asked
    /// again, ever more slowly (N5).
    pub fn loaded(&mut self, number: u64, state: Option<FeedState>, now: Timestamp) -> Vec<Effect> {
        let mut effects = Vec::new();
        let Some(state) = state else {
            let wait = RETRY_MS
                .saturating_mul(1 << self.failures.min(6))
                .min(60_000);
            self.failures = self.failures.saturating_add(1);
            let at = now.saturating_add(wait);
            self.retry_at = Some(at);
            effects.push(Effect::Alarm(at));
            return effects;
        };
        self.failures = 0;
        // An answer that a later one overtook tells what was, not what is (K4).
        if number > self.answered {
            self.answered = number;
            self.fresh = true;
            self.retry_at = None;
            let (done, open): (Vec<_>, Vec<_>) = std::mem::take(&mut self.waiting)
                .into_iter()
                .partition(|(asked, _)| *asked <= number);
            self.waiting = open;
            let meant: Vec<Who> = done.into_iter().map(|(_, who)| who).collect();
            self.tell_changes(state, &meant, now, &mut effects);
            self.members.attach_dirty(&mut effects);
        }
        effects
    }

    /// The alarm: asks again what could not be answered.
    pub fn alarm(&mut self, now: Timestamp) -> Vec<Effect> {
        let mut effects = Vec::new();
        match self.retry_at {
            Some(at) if at <= now => {
                self.retry_at = None;
                self.ask_host(Who::Include(Vec::new()), &mut effects);
            }
            Some(at) => effects.push(Effect::Alarm(at)),
            // A question failed before the object slept. For whom it was is
            // forgotten.
            None if !self.fresh => self.ask_host(Who::All, &mut effects),
            None => {}
        }
        effects
    }

    /// What a request does here: somebody's new name.
    ///
    /// # Errors
    /// The refusal to answer with; then nothing was changed.
    pub fn act(&mut self, request: &Request) -> Result<(Done, Vec<Effect>), Refusal> {
        let Action::Introduce = request.action else {
            return Err(Refusal::NotFound);
        };
        let mut effects = Vec::new();
        self.members.introduce(&request.by);
        self.members.attach_dirty(&mut effects);
        let done = Done {
            version: 0,
            title: String::new(),
            ticked: None,
        };
        Ok((done, effects))
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

    fn ask_host(&mut self, who: Who, effects: &mut Vec<Effect>) {
        self.asked = self.asked.saturating_add(1);
        self.waiting.push((self.asked, who));
        effects.push(Effect::LoadFeed(self.asked));
    }

    fn close(&mut self, id: SessionId, refusal: Refusal, effects: &mut Vec<Effect>) {
        self.members
            .refuse(vec![id], Refusable::Frame, refusal, effects);
        if self.members.sessions.remove(&id).is_some() {
            effects.push(Effect::Close {
                session: id,
                refusal,
            });
        }
    }

    fn hello(&self, admission: &Admission) -> Event {
        Event::Hello {
            you: admission.person.clone(),
            access: admission.access,
            version: 0,
            revision: self.told.as_ref().map_or(0, |told| told.revision),
            title: String::new(),
            generation: None,
            server: self.settings.server.clone(),
            limits: Limits {
                text_bytes: 0,
                frame_bytes: 0,
            },
        }
    }
}
