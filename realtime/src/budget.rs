//! How fast somebody may do something: a burst, refilled at a steady rate.

use crate::session::Timestamp;

/// What one act takes from a budget.
const ACT: u64 = 1_000;

/// What is left of a burst.
#[derive(Clone, Debug)]
pub(crate) struct Budget {
    /// The burst, in thousandths of an act.
    most: u64,
    /// Refilled so many acts a second: so many thousandths a millisecond.
    a_second: u64,
    left: u64,
    at: Timestamp,
}

impl Budget {
    /// A full budget.
    pub(crate) fn new(burst: u64, a_second: u64, now: Timestamp) -> Self {
        let most = burst.saturating_mul(ACT);
        Self {
            most,
            a_second,
            left: most,
            at: now,
        }
    }

    /// Takes one act from it.
    ///
    /// # Errors
    /// How many milliseconds to wait for the next one.
    pub(crate) fn spend(&mut self, now: Timestamp) -> Result<(), u64> {
        self.refill(now);
        match self.left.checked_sub(ACT) {
            Some(left) => {
                self.left = left;
                Ok(())
            }
            None => Err(ACT.saturating_sub(self.left).div_ceil(self.a_second.max(1))),
        }
    }

    /// Whether nothing of it is used, so that it need not be remembered.
    pub(crate) fn is_full(&mut self, now: Timestamp) -> bool {
        self.refill(now);
        self.left == self.most
    }

    fn refill(&mut self, now: Timestamp) {
        let elapsed = now.saturating_sub(self.at);
        let earned = elapsed.saturating_mul(self.a_second);
        self.left = self.left.saturating_add(earned).min(self.most);
        self.at = self.at.max(now);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_burst_then_a_steady_rate() {
        let mut budget = Budget::new(2, 1, 0);
        assert_eq!(budget.spend(0), Ok(()));
        assert_eq!(budget.spend(0), Ok(()));
        assert_eq!(budget.spend(0), Err(1_000));
        assert_eq!(budget.spend(900), Err(100));
        assert_eq!(budget.spend(1_500), Ok(()));
        assert_eq!(budget.spend(1_500), Err(500));
        assert!(!budget.is_full(2_000));
        assert!(budget.is_full(60_000));
    }
}
