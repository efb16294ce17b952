//! Every way a room says no: one table from the reason to the close code, the
//! HTTP status and the sentence.

use serde::{Deserialize, Serialize};

/// Why something was not done. Close codes mirror HTTP; 1013 and 45xx are worth
/// another try, 4400-4499 are not.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, thiserror::Error)]
#[serde(rename_all = "snake_case")]
pub enum Refusal {
    /// Bytes that no honest client sends.
    #[error("That frame could not be read. Nothing was changed.")]
    Malformed,
    /// The right to view is there, the right to do this is not.
    #[error("You can only view this note. Your change was not made.")]
    NotAllowed,
    /// There was a right, and it was taken away.
    #[error("You no longer have access here. What you wrote before is stored.")]
    Removed,
    /// No note, or none for this person.
    #[error("There is no note here, or it is not shared with you.")]
    NotFound,
    /// A frame or body over the limit.
    #[error("That is too large to send at once. Send it in smaller pieces.")]
    TooLarge,
    /// The note's text is at its limit.
    #[error("This note is full. Delete something, or go on in a new note.")]
    Full,
    /// As many sockets as a note may have.
    #[error("Too many people have this note open. Try again in a moment.")]
    Crowded,
    /// More frames than a person makes.
    #[error("Too many changes at once. Wait a few seconds and try again.")]
    TooFast,
    /// More is unread on its socket than the object keeps for it.
    #[error("Your connection is too slow for what happens here. Reconnecting.")]
    TooSlow,
    /// The object could not write.
    #[error(
        "The note could not be stored just now. Your text is still in this window; keep it open."
    )]
    Storage,
    /// The client goes on with frames that cannot be placed.
    #[error("Your copy of the note could not be brought in step. Reconnecting.")]
    OutOfStep,
    /// Muted in this room.
    #[error("You can't write in this chat for now.")]
    Muted,
    /// Two messages closer together than the room wants.
    #[error("Slow mode is on in this chat. Wait a moment, then send again.")]
    SlowMode,
    /// A change of a version that is not known, or not any more.
    #[error("The version this was made from is not known any more. Read the note again.")]
    UnknownVersion,
    /// The id of an update is in use on another socket.
    #[error("Another window writes under the same id. Reconnecting.")]
    IdInUse,
}

impl Refusal {
    /// The WebSocket close code.
    #[must_use]
    pub fn close_code(self) -> u16 {
        match self {
            Self::Malformed => 4400,
            Self::NotAllowed | Self::Muted | Self::Removed => 4403,
            Self::NotFound => 4404,
            Self::UnknownVersion => 4412,
            Self::TooLarge | Self::Full => 4413,
            Self::Crowded => 1013,
            Self::Storage => 4503,
            Self::TooSlow => 4508,
            Self::OutOfStep => 4509,
            Self::IdInUse => 4510,
            Self::TooFast | Self::SlowMode => 4529,
        }
    }

    /// The HTTP status.
    #[must_use]
    pub fn status(self) -> u16 {
        match self {
            Self::Malformed => 400,
            Self::NotAllowed | Self::Muted | Self::Removed => 403,
            Self::NotFound => 404,
            Self::TooSlow => 408,
            Self::OutOfStep | Self::IdInUse => 409,
            Self::UnknownVersion => 412,
            Self::TooLarge | Self::Full => 413,
            Self::TooFast | Self::SlowMode => 429,
            Self::Crowded | Self::Storage => 503,
        }
    }

    /// The code on the wire, as in [`crate::Event::Refused`].
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Malformed => "malformed",
            Self::NotAllowed => "not_allowed",
            Self::Removed => "removed",
            Self::NotFound => "not_found",
            Self::TooLarge => "too_large",
            Self::Full => "full",
            Self::Crowded => "crowded",
            Self::TooFast => "too_fast",
            Self::TooSlow => "too_slow",
            Self::Storage => "storage",
            Self::Muted => "muted",
            Self::SlowMode => "slow_mode",
            Self::OutOfStep => "out_of_step",
            Self::IdInUse => "id_in_use",
            Self::UnknownVersion => "unknown_version",
        }
    }
}

/// Longest reason that a close frame carries, in bytes (RFC 6455 §5.5).
const MAX_REASON_BYTES: usize = 123;

/// A sentence as the reason of a close frame: as much of it as fits, in whole
/// characters.
#[must_use]
pub fn close_reason(sentence: &str) -> String {
    let mut reason = String::new();
    for c in sentence.chars() {
        if reason.len() + c.len_utf8() > MAX_REASON_BYTES {
            break;
        }
        reason.push(c);
    }
    reason
}

/// Whether a client should try again after this close code.
#[must_use]
pub fn worth_another_try(close_code: u16) -> bool {
    !(4400..=4499).contains(&close_code)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whoever_is_sent_away_reads_the_whole_sentence() {
        for refusal in [
            Refusal::Malformed,
            Refusal::NotAllowed,
            Refusal::Removed,
            Refusal::NotFound,
            Refusal::TooLarge,
            Refusal::Full,
            Refusal::Crowded,
            Refusal::TooFast,
            Refusal::TooSlow,
            Refusal::Storage,
            Refusal::OutOfStep,
            Refusal::IdInUse,
        ] {
            assert_eq!(close_reason(&refusal.to_string()), refusal.to_string());
        }
    }

    #[test]
    fn a_longer_one_is_cut_between_characters() {
        assert_eq!(close_reason(&"é".repeat(100)), "é".repeat(61));
        assert_eq!(close_reason(&"x".repeat(200)).len(), 123);
    }
}
