//! A strike against panics. One costs the memory of every object of the isolate, and
//! whoever caused it would come again with the same frame, to the same end. So before a
//! frame is taken in that might, its socket's attachment is marked, and the mark goes
//! with the turn. One that is found when a group is opened names the culprit (W5).

use crate::effect::Effect;
use crate::group::Group;
use crate::members::Members;
use crate::refusal::Refusal;
use crate::session::{SessionId, Timestamp};

/// Tags of awareness, and of the question for it, in y-protocols.
const WHO_IS_WHERE: [u8; 2] = [1, 3];

/// Whether a frame reaches anything that could panic. Who is where changes with every
/// move of a cursor, and is read by a parser of our own that cannot.
#[must_use]
pub fn is_risky(frame: &[u8]) -> bool {
    frame.first().is_none_or(|tag| !WHO_IS_WHERE.contains(tag))
}

impl Members {
    fn struck(&self) -> Vec<SessionId> {
        let struck = self.sessions.values().filter(|it| it.kept.progress.struck);
        struck.map(|session| session.kept.id).collect()
    }
}

impl Group {
    /// Closes the sockets whose frame brought the instance down, for good: the same
    /// frame would do it again. What their pages wrote is still theirs.
    pub(crate) fn strike(&mut self, now: Timestamp) -> Vec<Effect> {
        let mut effects = Vec::new();
        for session in self.members().struck() {
            effects.push(Effect::Close {
                session,
                refusal: Refusal::Malformed,
            });
            effects.extend(self.leave(session, now));
        }
        effects
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::frame::Frame;

    #[test]
    fn w5_only_who_is_where_is_no_risk() {
        for frame in [
            Frame::Step1(&[0]),
            Frame::Step2(&[0, 0]),
            Frame::Update(&[0, 0]),
        ] {
            assert!(is_risky(&frame.encode()), "{frame:?}");
        }
        for frame in [Frame::Awareness(&[0]), Frame::QueryAwareness] {
            assert!(!is_risky(&frame.encode()), "{frame:?}");
        }
        assert!(is_risky(&[]));
    }
}
