//! What was written before: told to who comes in, and on request; and who has
//! seen how much of it.

use uuid::Uuid;

use super::order::unreadable;
use super::{Chat, History, Message, Unreadable};
use crate::access::Admission;
use crate::effect::Effect;
use crate::event::{Event, Part};
use crate::members::Denied;
use crate::session::SessionId;

/// Messages in one part of the past.
const PART_MESSAGES: usize = 50;
/// Changes somebody who comes back is told one by one; beyond that, the newest.
const MAX_CHANGES: usize = 200;
/// Markdown source in one part of the past, bytes.
const PART_BYTES: usize = 128 << 10;

impl Chat {
    /// Somebody comes in: what changed since the revision they have, if they have
    /// one and it is not too much, else the newest messages (M5).
    pub(super) fn tell_what_is_new(
        &self,
        to: SessionId,
        since: Option<u64>,
        history: &impl History,
        effects: &mut Vec<Effect>,
    ) -> Result<(), Unreadable> {
        if let Some(since) = since.filter(|since| *since <= self.revision) {
            let mut changed = history.changed_after(since, MAX_CHANGES.saturating_add(1))?;
            let bytes: usize = changed.iter().map(|message| message.text.len()).sum();
            if changed.len() <= MAX_CHANGES && bytes <= PART_BYTES {
                changed.sort_by_key(|message| message.number);
                self.tell_messages(to, Part::Changed, &changed, effects);
                return Ok(());
            }
        }
        let newest = self.some_before(self.newest.saturating_add(1), history)?;
        self.tell_messages(to, Part::Newest, &newest, effects);
        Ok(())
    }

    /// The messages before a number.
    pub(super) fn tell_older(
        &self,
        to: SessionId,
        before: u64,
        history: &impl History,
        effects: &mut Vec<Effect>,
    ) -> Result<(), Denied> {
        let older = self.some_before(before, history).map_err(unreadable)?;
        self.tell_messages(to, Part::Older, &older, effects);
        Ok(())
    }

    /// The newest messages, rendered.
    pub(super) fn newest_messages(
        &self,
        history: &impl History,
    ) -> Result<Vec<Message>, Unreadable> {
        let newest = self.some_before(self.newest.saturating_add(1), history)?;
        Ok(newest.iter().map(Message::rendered).collect())
    }

    /// As many messages below a number as make a part.
    fn some_before(&self, before: u64, history: &impl History) -> Result<Vec<Message>, Unreadable> {
        let mut messages = history.before(before, PART_MESSAGES)?;
        let mut bytes = 0_usize;
        let fitting = messages.iter().rev().take_while(|message| {
            bytes = bytes.saturating_add(message.text.len());
            bytes <= PART_BYTES
        });
        let fitting = fitting.count().max(1);
        let too_many = messages.len().saturating_sub(fitting);
        messages.drain(..too_many);
        Ok(messages)
    }

    fn tell_messages(
        &self,
        to: SessionId,
        part: Part,
        messages: &[Message],
        effects: &mut Vec<Effect>,
    ) {
        let event = || Event::Messages {
            part,
            messages: messages.iter().map(Message::rendered).collect(),
            more: messages.first().is_some_and(|first| first.number > 1),
        };
        self.members.tell(vec![to], &event, effects);
    }

    /// How much somebody has seen, on whatever device.
    pub(super) fn tell_seen(
        &self,
        to: SessionId,
        person: Uuid,
        history: &impl History,
        effects: &mut Vec<Effect>,
    ) -> Result<(), Unreadable> {
        let number = history.seen_by(person)?;
        self.members
            .tell(vec![to], &|| Event::Seen { number }, effects);
        Ok(())
    }

    /// Somebody has seen more: their other sockets are told (M7).
    pub(super) fn seen(
        &mut self,
        from: SessionId,
        by: &Admission,
        number: u64,
        history: &impl History,
        effects: &mut Vec<Effect>,
    ) -> Result<(), Denied> {
        let person = by.person.id;
        let number = number.min(self.newest);
        if number <= history.seen_by(person).map_err(unreadable)? {
            return Ok(());
        }
        effects.push(Effect::Seen { person, number });
        let mut others = self.members.of(person);
        others.retain(|id| *id != from);
        self.members
            .tell(others, &|| Event::Seen { number }, effects);
        Ok(())
    }
}

impl Message {
    /// The same with its view.
    fn rendered(&self) -> Self {
        Self {
            html: note::inline_html(&self.text),
            ..self.clone()
        }
    }
}

impl Chat {
    /// Tells everybody a message as it is now; its author hears that it is kept.
    pub(super) fn tell_message(
        &self,
        to: Vec<SessionId>,
        message: &Message,
        effects: &mut Vec<Effect>,
    ) {
        let event = || Event::Message {
            message: message.rendered(),
        };
        self.members.tell(to, &event, effects);
    }

    /// The number of a message that is written now, and of the change that it is (M1).
    pub(super) fn next_numbers(&mut self) -> (u64, u64) {
        self.newest = self.newest.saturating_add(1);
        (self.newest, self.next_revision())
    }

    pub(super) fn next_revision(&mut self) -> u64 {
        self.revision = self.revision.saturating_add(1);
        self.revision
    }
}
