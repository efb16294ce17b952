//! Who reads a note on its published page: nobody in particular, who is shown the
//! view, and on a page of slides which of them is presented. They are kept apart
//! from the room's members, so that nothing is told them that is not told here (O).

use crate::access::Admission;
use crate::effect::Effect;
use crate::refusal::Refusal;
use crate::room::Room;
use crate::session::{Session, SessionId, Timestamp};
use crate::signals::{SLIDES, Signal};

impl Room {
    /// Somebody comes to the published page: they are shown the view, unless their
    /// page was served with it.
    pub(super) fn join_reader(
        &mut self,
        id: SessionId,
        admission: Admission,
        now: Timestamp,
    ) -> Vec<Effect> {
        let mut effects = Vec::new();
        if self.readers.sessions.len() >= self.settings.max_page_readers {
            effects.push(Effect::Close {
                session: id,
                refusal: Refusal::Crowded,
            });
            return effects;
        }
        // As for a member: the next patches start from what is shown here.
        self.flush_view(&mut effects);
        let served = admission.revision;
        let slides = admission.page.as_ref().is_some_and(|page| page.slides);
        let mut session = Session::new(id, admission, now);
        session.shown = self.revision;
        self.readers.sessions.insert(id, session);
        if served != Some(self.revision) {
            self.readers
                .tell(vec![id], &|| self.whole_view(), &mut effects);
        }
        if slides {
            self.readers
                .tell(vec![id], &|| self.signals.slide(), &mut effects);
        }
        // Nothing is told that would bring it with it.
        self.remember_clean_point();
        self.flush(now, &mut effects);
        effects
    }

    /// After a sleep: what the pages show that slept, none where that is not sure.
    pub(super) fn wake_readers(&mut self, slept_at: Option<u64>) {
        for session in self.readers.sessions.values_mut() {
            session.shown = slept_at
                .filter(|_| !session.kept.progress.behind)
                .unwrap_or(0);
        }
    }

    /// Members, and readers of the page after them.
    pub(super) fn everybody(&self) -> impl Iterator<Item = &Session> {
        let readers = self.readers.sessions.values();
        self.members.sessions.values().chain(readers)
    }

    /// The same, to change them.
    pub(super) fn everybody_mut(&mut self) -> impl Iterator<Item = &mut Session> {
        let readers = self.readers.sessions.values_mut();
        self.members.sessions.values_mut().chain(readers)
    }

    /// Tells the pages of slides which one is presented, if that is the name.
    pub(super) fn tell_slide_if(&self, name: &str, effects: &mut Vec<Effect>) {
        if name != SLIDES {
            return;
        }
        let on_slides = |session: &&Session| {
            let page = session.kept.admission.page.as_ref();
            page.is_some_and(|page| page.slides)
        };
        let sessions = self.readers.sessions.values().filter(on_slides);
        let to = sessions.map(|session| session.kept.id).collect();
        self.readers.tell(to, &|| self.signals.slide(), effects);
    }

    /// The same after somebody went who may have presented.
    pub(super) fn tell_slide(&self, gone: &[Signal], effects: &mut Vec<Effect>) {
        for signal in gone {
            self.tell_slide_if(&signal.name, effects);
        }
    }

    /// A frame from a reader: they have nothing to say.
    pub(super) fn refuse_reader(&mut self, id: SessionId, effects: &mut Vec<Effect>) {
        if self.forget_reader(id) {
            effects.push(Effect::Close {
                session: id,
                refusal: Refusal::Malformed,
            });
        }
    }

    /// Forgets a reader; true if there was one.
    pub(super) fn forget_reader(&mut self, id: SessionId) -> bool {
        self.readers.sessions.remove(&id).is_some()
    }

    /// The note is gone, or cannot be stored: so is its page.
    pub(super) fn close_readers(&mut self, why: Refusal, effects: &mut Vec<Effect>) {
        let readers = std::mem::take(&mut self.readers.sessions);
        effects.extend(readers.into_keys().map(|session| Effect::Close {
            session,
            refusal: why,
        }));
    }
}
