//! Keeping order in a chat room: who may write how often, and who not at all.

use std::collections::HashMap;

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::{Chat, History};
use crate::access::{Access, Admission};
use crate::budget::Budget;
use crate::effect::Effect;
use crate::event::{Event, Muted, Refusable};
use crate::members::Denied;
use crate::refusal::Refusal;
use crate::room::Settings;
use crate::session::{SessionId, Timestamp};

/// Longest time somebody can be muted, seconds: a month.
const LONGEST_MUTE: u64 = 30 * 24 * 3_600;
/// Longest time between two messages in slow mode, seconds.
const LONGEST_SLOW: u64 = 3_600;
/// People muted at a time.
const MAX_MUTED: usize = 500;
/// Rates remembered before those that are of no account are forgotten.
const MAX_RATES: usize = 1_000;

/// How a room is kept, as it is stored.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Order {
    /// Seconds between two messages of one person; 0 for none.
    pub slow_seconds: u64,
    /// Who may write nothing now.
    pub muted: Vec<Muted>,
}

/// How fast each person wrote lately.
#[derive(Default)]
pub(super) struct Rates(HashMap<Uuid, Budget>);

impl Rates {
    fn spend(&mut self, person: Uuid, settings: &Settings, now: Timestamp) -> Result<(), u64> {
        if self.0.len() >= MAX_RATES {
            self.0.retain(|_, budget| !budget.is_full(now));
        }
        let full = || Budget::new(settings.message_burst, settings.messages_a_second, now);
        self.0.entry(person).or_insert_with(full).spend(now)
    }
}

impl Chat {
    /// Whether somebody may write something now (M6).
    pub(super) fn check_may_write(&self, by: &Admission, now: Timestamp) -> Result<(), Denied> {
        if !by.access.can_chat() {
            return Err(Denied::new(Refusable::Message, Refusal::NotAllowed));
        }
        let muted = self.order.muted.iter();
        let until = muted
            .filter(|muted| muted.person == by.person.id)
            .map(|muted| muted.until.saturating_sub(now))
            .find(|wait| *wait > 0);
        match until {
            Some(wait) => Err(Denied::new(Refusable::Message, Refusal::Muted).after(wait)),
            None => Ok(()),
        }
    }

    /// Whether somebody may write one more message now (M6).
    pub(super) fn check_pace(
        &mut self,
        by: &Admission,
        history: &impl History,
        now: Timestamp,
    ) -> Result<(), Denied> {
        let slow_ms = self.order.slow_seconds.saturating_mul(1_000);
        if slow_ms > 0
            && by.access < Access::Own
            && let Some(last) = history.last_by(by.person.id).map_err(unreadable)?
            && let wait = last.saturating_add(slow_ms).saturating_sub(now)
            && wait > 0
        {
            return Err(Denied::new(Refusable::Message, Refusal::SlowMode).after(wait));
        }
        self.check_rate(by, now)
    }

    pub(super) fn check_rate(&mut self, by: &Admission, now: Timestamp) -> Result<(), Denied> {
        let spent = self.rates.spend(by.person.id, &self.settings, now);
        spent.map_err(|wait| Denied::new(Refusable::Message, Refusal::TooFast).after(wait))
    }

    /// Lets somebody write nothing for a while.
    pub(super) fn mute(
        &mut self,
        by: &Admission,
        person: Uuid,
        seconds: u64,
        now: Timestamp,
        effects: &mut Vec<Effect>,
    ) -> Result<(), Denied> {
        check_owns(by)?;
        let muted = &mut self.order.muted;
        muted.retain(|muted| muted.until > now && muted.person != person);
        if seconds > 0 {
            if muted.len() >= MAX_MUTED {
                muted.remove(0);
            }
            let until = now.saturating_add(seconds.min(LONGEST_MUTE).saturating_mul(1_000));
            muted.push(Muted { person, until });
        }
        self.keep_order(effects);
        Ok(())
    }

    /// Lets everybody wait between two messages.
    pub(super) fn slow(
        &mut self,
        by: &Admission,
        seconds: u64,
        effects: &mut Vec<Effect>,
    ) -> Result<(), Denied> {
        check_owns(by)?;
        self.order.slow_seconds = seconds.min(LONGEST_SLOW);
        self.keep_order(effects);
        Ok(())
    }

    fn keep_order(&self, effects: &mut Vec<Effect>) {
        effects.push(Effect::Order(self.order.clone()));
        self.tell_order(self.members.everyone(), effects);
    }

    pub(super) fn tell_order(&self, to: Vec<SessionId>, effects: &mut Vec<Effect>) {
        let event = || Event::Order {
            slow_seconds: self.order.slow_seconds,
            muted: self.order.muted.clone(),
        };
        self.members.tell(to, &event, effects);
    }
}

fn check_owns(by: &Admission) -> Result<(), Denied> {
    if by.access >= Access::Own {
        Ok(())
    } else {
        Err(Denied::new(Refusable::Order, Refusal::NotAllowed))
    }
}

/// What could not be read is refused like what could not be stored. The cause is
/// the shell's to log.
pub(super) fn unreadable(_why: super::Unreadable) -> Denied {
    Denied::new(Refusable::Message, Refusal::Storage)
}
