//! Messages written here that the room has not acknowledged. One at a time is under
//! way, so that they arrive in the order they were written; each keeps its id, so
//! that sending it again is harmless (M10).

use crate::ask::Ask;
use crate::session::Timestamp;

/// A message that is unanswered so long on a socket that lives is sent again.
const ANSWERED_WITHIN_MS: u64 = 15_000;

/// A message that is not in the room yet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Waiting {
    /// The id made for it here.
    pub id: String,
    /// Markdown source.
    pub text: String,
    /// When it was written.
    pub at: Timestamp,
    /// How it stands.
    pub state: UnsentState,
}

/// How a message that is not in the room yet stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum UnsentState {
    /// Under way, or it will be once there is a connection.
    Sending,
    /// The room wants a pause; it goes out by itself at this time.
    Later {
        /// When.
        at: Timestamp,
        /// The room's sentence.
        why: String,
    },
    /// The room refused it; a person decides.
    Failed(String),
}

/// The queue.
#[derive(Debug, Default)]
pub(super) struct Unsent {
    queue: Vec<Waiting>,
    /// Which is under way, and since when.
    under_way: Option<(String, Timestamp)>,
}

impl Unsent {
    pub(super) fn list(&self) -> &[Waiting] {
        &self.queue
    }

    pub(super) fn push(&mut self, id: &str, text: &str, at: Timestamp) {
        self.queue.push(Waiting {
            id: id.to_owned(),
            text: text.to_owned(),
            at,
            state: UnsentState::Sending,
        });
    }

    /// What is to be sent now, if anything.
    pub(super) fn due(&mut self, now: Timestamp) -> Option<Ask> {
        if let Some((_, since)) = &self.under_way
            && now.saturating_sub(*since) <= ANSWERED_WITHIN_MS
        {
            return None;
        }
        let failed = |it: &Waiting| matches!(it.state, UnsentState::Failed(_));
        let next = self.queue.iter_mut().find(|it| !failed(it))?;
        if let UnsentState::Later { at, .. } = next.state
            && now < at
        {
            return None;
        }
        next.state = UnsentState::Sending;
        self.under_way = Some((next.id.clone(), now));
        Some(Ask::Say {
            id: next.id.clone(),
            text: next.text.clone(),
        })
    }

    /// A new socket: whatever was under way is lost, or is answered a second time.
    pub(super) fn connected(&mut self) {
        self.under_way = None;
    }

    /// The room refused it. With a wait it goes out by itself after that.
    pub(super) fn refused(&mut self, id: &str, why: &str, again: Option<Timestamp>) -> bool {
        self.landed(id);
        let Some(refused) = self.queue.iter_mut().find(|it| it.id == id) else {
            return false;
        };
        let why = why.to_owned();
        refused.state = match again {
            Some(at) => UnsentState::Later { at, why },
            None => UnsentState::Failed(why),
        };
        true
    }

    /// Somebody pressed "Retry".
    pub(super) fn retry(&mut self, id: &str) {
        if let Some(failed) = self.queue.iter_mut().find(|it| it.id == id) {
            failed.state = UnsentState::Sending;
        }
    }

    /// Takes it out of the queue: the room has it, or nobody wants it any longer.
    pub(super) fn take(&mut self, id: &str) -> Option<Waiting> {
        let at = self.queue.iter().position(|it| it.id == id)?;
        self.landed(id);
        Some(self.queue.remove(at))
    }

    /// Its answer came, or nobody waits for it any longer.
    fn landed(&mut self, id: &str) {
        if self.under_way.as_ref().is_some_and(|(sent, _)| sent == id) {
            self.under_way = None;
        }
    }
}
