//! The sockets of a group, and telling them things: a frame is made once, whatever
//! the number of those it is for (K2).

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

use uuid::Uuid;

use crate::access::{Admission, Who};
use crate::effect::{Effect, Outgoing};
use crate::event::{Event, Participant, Refusable};
use crate::frame::Frame;
use crate::refusal::Refusal;
use crate::room::Settings;
use crate::session::{Kept, Session, SessionId, Timestamp};

/// Comings and goings within this time of the last telling are told as one: what is told
/// to everybody is as long as the list of them.
pub(crate) const PRESENCE_WINDOW_MS: u64 = 250;

/// The sockets of a group.
#[derive(Default)]
pub(crate) struct Members {
    pub(crate) sessions: BTreeMap<SessionId, Session>,
}

impl Members {
    /// The sockets that stayed open while the object slept.
    pub(crate) fn woken(sockets: Vec<Kept>, now: Timestamp) -> Self {
        let mut members = Self::default();
        for kept in sockets {
            let mut session = Session::woken(kept, now);
            session.dirty = false;
            members.sessions.insert(session.kept.id, session);
        }
        members
    }

    /// Gives those that slept the budget of frames that the instance has.
    pub(crate) fn rate_frames(&mut self, settings: &Settings, now: Timestamp) {
        for session in self.sessions.values_mut() {
            session.rate_frames(settings, now);
        }
    }

    pub(crate) fn everyone(&self) -> Vec<SessionId> {
        self.sessions.keys().copied().collect()
    }

    /// The sockets of those meant.
    pub(crate) fn meant(&self, who: &Who) -> Vec<SessionId> {
        let meant = self.sessions.values();
        meant
            .filter(|session| who.matches(session.kept.admission.person.id))
            .map(|session| session.kept.id)
            .collect()
    }

    /// All sockets of one person.
    pub(crate) fn of(&self, person: Uuid) -> Vec<SessionId> {
        self.meant(&Who::Include(vec![person]))
    }

    pub(crate) fn admission(&self, id: SessionId) -> Option<&Admission> {
        self.sessions
            .get(&id)
            .map(|session| &session.kept.admission)
    }

    /// Which socket goes for a newcomer where no place is left (H4): one of who may less, or
    /// of who may as much and has more of them also after that. Where there are several it is
    /// of who has most, of those who may least, and came last.
    pub(crate) fn makes_way(&self, newcomer: &Admission) -> Option<SessionId> {
        let mut sockets: BTreeMap<Uuid, usize> = BTreeMap::new();
        for session in self.sessions.values() {
            let count = sockets.entry(session.kept.admission.person.id);
            let count = count.or_default();
            *count = count.saturating_add(1);
        }
        let of = |person: Uuid| sockets.get(&person).copied().unwrap_or(0);
        let enough = of(newcomer.person.id).saturating_add(2);
        let who = self.sessions.values().filter_map(|session| {
            let admission = &session.kept.admission;
            let (count, access) = (of(admission.person.id), admission.access);
            let goes = access < newcomer.access || (access == newcomer.access && count >= enough);
            goes.then_some((count, Reverse(access), session.kept.id))
        });
        who.max().map(|(.., id)| id)
    }

    /// What to keep beside a session's socket.
    pub(crate) fn attachment(&mut self, id: SessionId) -> Option<Kept> {
        let session = self.sessions.get_mut(&id)?;
        session.dirty = false;
        Some(session.kept.clone())
    }

    pub(crate) fn attach_dirty(&self, effects: &mut Vec<Effect>) {
        let dirty = self.sessions.values().filter(|session| session.dirty);
        effects.extend(dirty.map(|session| Effect::Attach(session.kept.id)));
    }

    /// Everybody here, a person with several windows once.
    pub(crate) fn people(&self) -> Vec<Participant> {
        let mut people: Vec<Participant> = Vec::new();
        let mut places: BTreeMap<Uuid, usize> = BTreeMap::new();
        for session in self.sessions.values() {
            let admission = &session.kept.admission;
            let clients = session.kept.clients.keys().copied();
            let place = places.entry(admission.person.id).or_insert(people.len());
            if let Some(known) = people.get_mut(*place) {
                known.access = known.access.max(admission.access);
                known.clients.extend(clients);
            } else {
                people.push(Participant {
                    person: admission.person.id,
                    name: admission.person.name.clone(),
                    colour: admission.person.colour,
                    access: admission.access,
                    clients: clients.collect(),
                });
            }
        }
        people
    }

    /// Sends a y-protocols message.
    pub(crate) fn send(&self, to: Vec<SessionId>, frame: &Frame<'_>, effects: &mut Vec<Effect>) {
        if !to.is_empty() {
            effects.push(Effect::Send {
                to,
                frame: Outgoing::Binary(frame.encode().into()),
            });
        }
    }

    /// Tells an event to those of the sockets that asked for events; it is made
    /// once, and only if somebody did.
    pub(crate) fn tell(
        &self,
        mut to: Vec<SessionId>,
        event: &dyn Fn() -> Event,
        effects: &mut Vec<Effect>,
    ) {
        to.retain(|id| self.hears(*id));
        Self::announce(to, event, effects);
    }

    /// Whether a socket is here and asked for events.
    pub(crate) fn hears(&self, id: SessionId) -> bool {
        self.admission(id).is_some_and(|admission| admission.events)
    }

    /// Tells an event to sockets that asked for events; it is made once.
    pub(crate) fn announce(
        to: Vec<SessionId>,
        event: &dyn Fn() -> Event,
        effects: &mut Vec<Effect>,
    ) {
        if to.is_empty() {
            return;
        }
        if let Ok(json) = serde_json::to_string(&event()) {
            effects.push(Effect::Send {
                to,
                frame: Outgoing::Text(json.into()),
            });
        }
    }

    /// Tells everybody who is here.
    pub(crate) fn tell_presence(&self, to: Vec<SessionId>, effects: &mut Vec<Effect>) {
        let event = || Event::Presence {
            people: self.people(),
        };
        self.tell(to, &event, effects);
    }

    /// How many people are here, each once.
    pub(crate) fn count_people(&self) -> usize {
        let people: BTreeSet<_> = self
            .sessions
            .values()
            .map(|session| session.kept.admission.person.id)
            .collect();
        people.len()
    }

    /// Answers what was not done: with an event where those are on, else with
    /// y-protocols' own "permission denied".
    pub(crate) fn refuse(
        &self,
        to: Vec<SessionId>,
        what: Refusable,
        why: Refusal,
        effects: &mut Vec<Effect>,
    ) {
        let (with_events, plain): (Vec<_>, Vec<_>) = to.into_iter().partition(|id| {
            self.admission(*id)
                .is_some_and(|admission| admission.events)
        });
        let event = Denied::new(what, why).event();
        if let (Refusable::Edit, Event::Refused { message, .. }) = (what, &event) {
            self.send(plain, &Frame::PermissionDenied(message), effects);
        }
        self.tell(with_events, &|| event.clone(), effects);
    }

    /// Answers an ask that was not done.
    pub(crate) fn deny(&self, to: SessionId, denied: &Denied, effects: &mut Vec<Effect>) {
        self.tell(vec![to], &|| denied.event(), effects);
    }

    /// Somebody's name or colour changed; the sockets they are on.
    pub(crate) fn introduce(&mut self, by: &Admission) -> Vec<SessionId> {
        let theirs = self.of(by.person.id);
        for id in &theirs {
            if let Some(session) = self.sessions.get_mut(id) {
                session.kept.admission.person = by.person.clone();
                session.dirty = true;
            }
        }
        theirs
    }
}

/// An ask that was not done, and what its client needs to go on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Denied {
    what: Refusable,
    why: Refusal,
    id: Option<String>,
    retry_after_ms: Option<u64>,
}

impl Denied {
    pub(crate) fn new(what: Refusable, why: Refusal) -> Self {
        Self {
            what,
            why,
            id: None,
            retry_after_ms: None,
        }
    }

    /// Names the message or signal it is about.
    #[must_use]
    pub(crate) fn about(self, id: &str) -> Self {
        Self {
            id: Some(id.to_owned()),
            ..self
        }
    }

    /// Says when another try makes sense.
    #[must_use]
    pub(crate) fn after(self, wait_ms: u64) -> Self {
        Self {
            retry_after_ms: Some(wait_ms),
            ..self
        }
    }

    fn event(&self) -> Event {
        Event::Refused {
            what: self.what,
            reason: self.why.code().to_owned(),
            message: self.what.sentence(self.why),
            id: self.id.clone(),
            retry_after_ms: self.retry_after_ms,
        }
    }
}
