//! One socket of a room, and what of it outlives the object's sleep: the
//! attachment the runtime keeps beside the socket (at most 16 KiB).

use serde::{Deserialize, Serialize};

use crate::access::Admission;
use crate::budget::Budget;
use crate::presence::Clients;
use crate::room::Settings;
use crate::signals::Signal;

/// A socket within its room. Made by the runtime's shell, never reused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct SessionId(pub u64);

/// Times (milliseconds since 1970) as the shells tell them.
pub type Timestamp = u64;

/// Frames a socket may send in a burst.
pub(crate) const FRAME_BURST: u64 = 5_000;
/// Frames a second a socket may go on sending; far above what a person types,
/// low enough that a runaway client is noticed.
pub(crate) const FRAMES_A_SECOND: u64 = 500;
/// Asks a socket may make in a burst, messages not counted,
const BURST_ASKS: u64 = 60;
/// and a second: each may be stored and told to everybody.
const ASKS_A_SECOND: u64 = 20;

/// One socket.
#[derive(Clone, Debug)]
pub struct Session {
    /// What is kept in the socket's attachment.
    pub kept: Kept,
    /// Whether the attachment is behind `kept`.
    pub dirty: bool,
    /// Document frames of this socket are applied but not yet stored, up to this one. What
    /// came after it was turned away.
    pub unstored: Option<u64>,
    /// The view revision this socket was last brought to.
    pub shown: u64,
    /// The first revision from which on it was told what changed, since the object woke; 0
    /// when it was told the whole view. What was rendered before is not built on.
    pub told_since: u64,
    /// Gaps in a row: a client that goes on is closed.
    pub gaps: u8,
    /// Refused edits in a row: a client that goes on is closed.
    pub refused: u8,
    /// When it was told that it may not write any more.
    pub lowered_at: Option<Timestamp>,
    /// The next step 2 answers a question that was asked by a memory that is gone: it
    /// lacks what that memory had and storage has not.
    pub stale: bool,
    /// The host was asked for its right anew, and has not answered yet.
    pub rechecking: bool,
    heard_at: Timestamp,
    frames: Budget,
    asks: Budget,
}

/// The part of a session that outlives sleep.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Kept {
    /// Its id.
    pub id: SessionId,
    /// Who, with what right.
    pub admission: Admission,
    /// Awareness by client id; the ids bound to this socket.
    pub clients: Clients,
    /// The signals that are set as long as this socket is here (G5).
    pub holds: Vec<Signal>,
    /// Kept beside the rest, since it is written again with each frame.
    #[serde(skip)]
    pub progress: Progress,
}

/// How far a session has come.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Progress {
    /// Document frames received (step 2 and updates).
    pub frames: u64,
    /// How many of them are in storage.
    pub through: u64,
    /// A frame was not applied, so `through` stands still until a step 2 brings
    /// all that is missing.
    pub hole: bool,
    /// Left out of something newer, or told nothing yet: what it was shown last is
    /// not what the others were.
    pub behind: bool,
    /// A version of the note and the view revision that shows exactly it. On a
    /// wake it tells which revision the sleeping pages have.
    pub clean: Option<(u64, u64)>,
    /// A frame of this socket was being taken in: found when the group is opened, it
    /// was what brought the instance down (W5).
    pub struck: bool,
    /// It was let in while the note was at rest: no room has met it yet (S8).
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub unmet: bool,
}

impl Kept {
    /// Whether all but the progress is the same.
    #[must_use]
    pub fn differs_in_progress_alone(&self, from: &Self) -> bool {
        let same = self.id == from.id && self.admission == from.admission;
        same && self.clients == from.clients && self.holds == from.holds
    }
}

impl Session {
    /// A session that has just come.
    #[must_use]
    pub fn new(id: SessionId, admission: Admission, now: Timestamp) -> Self {
        let kept = Kept {
            id,
            admission,
            clients: Clients::new(),
            holds: Vec::new(),
            progress: Progress::default(),
        };
        Self::woken(kept, now)
    }

    /// A session as its attachment tells, after the object slept.
    #[must_use]
    pub fn woken(kept: Kept, now: Timestamp) -> Self {
        Self {
            kept,
            dirty: true,
            unstored: None,
            shown: 0,
            told_since: u64::MAX,
            gaps: 0,
            refused: 0,
            lowered_at: None,
            stale: false,
            rechecking: false,
            heard_at: now,
            frames: Budget::new(FRAME_BURST, FRAMES_A_SECOND, now),
            asks: Budget::new(BURST_ASKS, ASKS_A_SECOND, now),
        }
    }

    /// How long nothing came from this socket, milliseconds.
    #[must_use]
    pub fn silent_for(&self, now: Timestamp) -> u64 {
        now.saturating_sub(self.heard_at)
    }

    /// Whether all this socket wrote so far is in the document: it has answered
    /// step 1, and nothing since was turned away.
    #[must_use]
    pub fn in_step(&self) -> bool {
        self.kept.progress.frames > 0 && !self.kept.progress.hole
    }

    /// Gives it the budget of frames that the instance has.
    pub(crate) fn rate_frames(&mut self, settings: &Settings, now: Timestamp) {
        self.frames = Budget::new(settings.frame_burst, settings.frames_a_second, now);
    }

    /// Takes one frame from the budget; false when it is used up.
    pub fn spend(&mut self, now: Timestamp) -> bool {
        self.heard_at = now;
        self.frames.spend(now).is_ok()
    }

    /// Takes one ask from the budget.
    ///
    /// # Errors
    /// How many milliseconds to wait.
    pub(crate) fn spend_ask(&mut self, now: Timestamp) -> Result<(), u64> {
        self.asks.spend(now)
    }
}
