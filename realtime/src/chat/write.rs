//! Writing, changing and taking back messages: checked, stored, and only then told
//! to everyone; and the notices for those whom a message names.

use std::collections::BTreeSet;

use note::line_ends::normalise_line_ends;
use uuid::Uuid;

use super::order::unreadable;
use super::{Chat, History, Message};
use crate::access::{Access, Admission};
use crate::ask::MAX_MESSAGE_ID_BYTES;
use crate::effect::Effect;
use crate::event::Refusable;
use crate::key::{Key, RoomName};
use crate::members::Denied;
use crate::notice::Notice;
use crate::notices::{MAX_TOLD, quote};
use crate::refusal::Refusal;
use crate::room::Settings;
use crate::session::{SessionId, Timestamp};

impl Chat {
    /// Somebody writes a message under an id of their own. What was kept of it
    /// before is the answer, however often it is sent (M2).
    pub(super) fn say(
        &mut self,
        from: SessionId,
        by: &Admission,
        (id, text): (&str, &str),
        history: &impl History,
        now: Timestamp,
        effects: &mut Vec<Effect>,
    ) -> Result<(), Denied> {
        if !(1..=MAX_MESSAGE_ID_BYTES).contains(&id.len()) {
            return Err(denied(Refusal::Malformed));
        }
        let kept = history.by_id(by.person.id, id).map_err(unreadable)?;
        if let Some(kept) = kept {
            self.tell_message(vec![from], &kept, effects);
            return Ok(());
        }
        let text = checked(text, &self.settings)?;
        self.check_may_write(by, now)?;
        self.check_pace(by, history, now)?;
        let notices = self.new_mentions(by, &text, "", history)?;
        let (number, revision) = self.next_numbers();
        let message = Message {
            number,
            id: id.to_owned(),
            person: by.person.clone(),
            at: now,
            changed_at: None,
            deleted: false,
            revision,
            text,
            html: String::new(),
        };
        self.typed.remove(&by.person.id);
        self.keep(&message, &notices, now, effects);
        Ok(())
    }

    /// Somebody changes a message of theirs (M4).
    pub(super) fn change(
        &mut self,
        from: SessionId,
        by: &Admission,
        (number, text): (u64, &str),
        history: &impl History,
        now: Timestamp,
        effects: &mut Vec<Effect>,
    ) -> Result<(), Denied> {
        let before = existing(number, history)?;
        if before.person.id != by.person.id {
            return Err(denied(Refusal::NotAllowed).about(&before.id));
        }
        let text = checked(text, &self.settings).map_err(|denied| denied.about(&before.id))?;
        if text == before.text {
            self.tell_message(vec![from], &before, effects);
            return Ok(());
        }
        self.check_may_write(by, now)
            .and_then(|()| self.check_rate(by, now))
            .map_err(|denied| denied.about(&before.id))?;
        let notices = self.new_mentions(by, &text, &before.text, history)?;
        let message = Message {
            text,
            changed_at: Some(now),
            revision: self.next_revision(),
            ..before
        };
        self.keep(&message, &notices, now, effects);
        Ok(())
    }

    /// Somebody takes a message back: theirs, or, who owns the room, anybody's.
    /// Its number stays taken (M4).
    pub(super) fn delete(
        &mut self,
        from: SessionId,
        by: &Admission,
        number: u64,
        history: &impl History,
        now: Timestamp,
        effects: &mut Vec<Effect>,
    ) -> Result<(), Denied> {
        let kept = history.by_number(number).map_err(unreadable)?;
        let before = kept.ok_or_else(|| denied(Refusal::NotFound))?;
        let own = before.person.id == by.person.id && by.access.can_chat();
        if !own && by.access < Access::Own {
            return Err(denied(Refusal::NotAllowed).about(&before.id));
        }
        if before.deleted {
            self.tell_message(vec![from], &before, effects);
            return Ok(());
        }
        let message = Message {
            text: String::new(),
            deleted: true,
            changed_at: Some(now),
            revision: self.next_revision(),
            ..before
        };
        self.keep(&message, &[], now, effects);
        Ok(())
    }

    /// Stores a message with its notices, and only then tells it (M3).
    fn keep(
        &mut self,
        message: &Message,
        named: &[(Uuid, &'static str)],
        now: Timestamp,
        effects: &mut Vec<Effect>,
    ) {
        let notices = named
            .iter()
            .map(|(person, kind)| self.notice(*person, kind, message, now));
        let notices = notices.collect();
        effects.push(Effect::Message {
            message: message.clone(),
            notices: self.notices.add(notices, now),
        });
        self.tell_message(self.members.everyone(), message, effects);
        self.ask_for_alarm(effects);
    }

    /// Whom a text names that the text before it did not, as many as are told, and
    /// whether it is an answer to them: it begins with somebody who has written here (N2).
    fn new_mentions(
        &self,
        by: &Admission,
        text: &str,
        before: &str,
        history: &impl History,
    ) -> Result<Vec<(Uuid, &'static str)>, Denied> {
        let already: BTreeSet<Uuid> = self.people.mentioned(before).into_keys().collect();
        let addressed = self.people.addressed(text);
        let mut named = Vec::new();
        let others = self.people.mentioned(text).into_keys();
        let others = others.filter(|id| *id != by.person.id && !already.contains(id));
        for person in others.take(MAX_TOLD) {
            let answered = addressed.contains(&person)
                && history.last_by(person).map_err(unreadable)?.is_some();
            named.push((person, if answered { "reply" } else { "mention" }));
        }
        Ok(named)
    }

    fn notice(&self, to: Uuid, kind: &str, message: &Message, now: Timestamp) -> Notice {
        let number = message.number;
        let place = match &self.key {
            Key::Chat(RoomName::OfNote(note)) => format!("{}#chat-{number}", Key::Note(*note)),
            key => format!("{key}#m{number}"),
        };
        Notice {
            to,
            kind: kind.to_owned(),
            cause: format!("{}#{number}", self.key),
            by: message.person.clone(),
            place,
            title: self.title.clone(),
            quote: quote(&message.text),
            at: now,
        }
    }
}

/// A message that is there and was not taken back.
fn existing(number: u64, history: &impl History) -> Result<Message, Denied> {
    let kept = history.by_number(number).map_err(unreadable)?;
    let kept = kept.ok_or_else(|| denied(Refusal::NotFound))?;
    if kept.deleted {
        return Err(denied(Refusal::NotFound).about(&kept.id));
    }
    Ok(kept)
}

/// A text as it is kept: line ends as everywhere, something in it, not too long.
fn checked(text: &str, settings: &Settings) -> Result<String, Denied> {
    if text.len() > settings.max_message_bytes {
        return Err(denied(Refusal::TooLarge));
    }
    let text = normalise_line_ends(text);
    let text = text.trim_end();
    if text.trim().is_empty() {
        return Err(denied(Refusal::Malformed));
    }
    Ok(text.to_owned())
}

fn denied(why: Refusal) -> Denied {
    Denied::new(Refusable::Message, why)
}
