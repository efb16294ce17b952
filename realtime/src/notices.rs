//! Notices on their way to the people they are for: kept in the room's storage
//! until the host has taken them, however often that fails (N1).

use crate::effect::Effect;
use crate::notice::Notice;
use crate::session::Timestamp;

/// People who are told of one message, or of one look at a note, at most.
pub(crate) const MAX_TOLD: usize = 20;
/// Notices that wait for the host, at most; of what comes beyond that nobody is told.
const MAX_WAITING: usize = 1_000;
/// Handed to the host at once, at most.
const MOST_AT_ONCE: usize = 50;
/// First wait after the host could not take them; doubled up to the last.
const RETRY_MS: u64 = 1_000;
/// Longest wait.
const LONGEST_WAIT_MS: u64 = 60_000;
/// Characters of what was written that a notice shows.
const QUOTE_CHARS: usize = 140;

/// What waits.
#[derive(Default)]
pub(crate) struct Notices {
    waiting: Vec<Notice>,
    due: Option<Timestamp>,
    failures: u32,
}

impl Notices {
    /// What was stored and not taken yet.
    pub(crate) fn new(waiting: Vec<Notice>, now: Timestamp) -> Self {
        Self {
            due: (!waiting.is_empty()).then_some(now),
            waiting,
            failures: 0,
        }
    }

    /// The same after a write that failed: at once it would fail again.
    pub(crate) fn after_a_failure(waiting: Vec<Notice>, now: Timestamp) -> Self {
        Self::new(waiting, now.saturating_add(RETRY_MS))
    }

    /// When the alarm has something to hand over.
    pub(crate) fn due(&self) -> Option<Timestamp> {
        self.due
    }

    /// Takes notices, to be handed over by the next alarm, and gives those that are
    /// to be stored (N1).
    #[must_use]
    pub(crate) fn add(&mut self, mut new: Vec<Notice>, now: Timestamp) -> Vec<Notice> {
        new.retain(|notice| !self.waiting.iter().any(|waiting| same(waiting, notice)));
        new.truncate(MAX_WAITING.saturating_sub(self.waiting.len()));
        if !new.is_empty() {
            self.waiting.extend(new.iter().cloned());
            // After a failure the wait goes on: more of them would fail as well.
            self.due.get_or_insert(now);
        }
        new
    }

    /// The alarm: hands over what waits, if its time has come.
    pub(crate) fn hand_over(&mut self, now: Timestamp, effects: &mut Vec<Effect>) {
        if self.due.is_some_and(|due| due <= now) {
            self.due = None;
            let most = self.waiting.iter().take(MOST_AT_ONCE);
            effects.push(Effect::Notify(most.cloned().collect()));
        }
    }

    /// The host took them, or could not: then they are tried again, ever more
    /// slowly.
    pub(crate) fn handed(
        &mut self,
        notices: &[Notice],
        taken: bool,
        now: Timestamp,
        effects: &mut Vec<Effect>,
    ) {
        if taken {
            self.failures = 0;
            self.waiting
                .retain(|waiting| !notices.iter().any(|notice| same(waiting, notice)));
            effects.push(Effect::Notified(notices.to_vec()));
            self.due = (!self.waiting.is_empty()).then_some(now);
        } else {
            let wait = RETRY_MS.saturating_mul(1 << self.failures.min(6));
            self.failures = self.failures.saturating_add(1);
            self.due = Some(now.saturating_add(wait.min(LONGEST_WAIT_MS)));
        }
    }
}

/// Whether two notices are one by the database's rule.
fn same(one: &Notice, other: &Notice) -> bool {
    (one.to, &one.kind, &one.cause) == (other.to, &other.kind, &other.cause)
}

/// The first words of a text, on one line.
pub(crate) fn quote(text: &str) -> String {
    let mut quote = String::new();
    let mut chars = 0;
    for word in text.split_whitespace() {
        if !quote.is_empty() {
            quote.push(' ');
            chars += 1;
        }
        for c in word.chars().filter(|c| !c.is_control()) {
            if chars >= QUOTE_CHARS {
                quote.push('…');
                return quote;
            }
            quote.push(c);
            chars += 1;
        }
    }
    quote
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_quote_is_one_short_line() {
        assert_eq!(quote(" a\n\n b\tc "), "a b c");
        assert_eq!(quote(&"é".repeat(999)).chars().count(), QUOTE_CHARS + 1);
    }
}
