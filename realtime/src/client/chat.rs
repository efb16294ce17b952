//! A chat room as a page has it: the messages it knows, in order, and those written
//! here that the room does not have yet. Events in, what to show and what to ask
//! out; the page asks by [`super::Client::ask`] and need not care whether a message
//! got through: it stays among [`ChatLog::waiting`] until the room has it.

use uuid::Uuid;

use super::unsent::{Unsent, Waiting};
use crate::access::Access;
use crate::ask::Ask;
use crate::chat::{Message, Order, TYPING_MS};
use crate::event::{Event, Muted, Part, Refusable};
use crate::session::Timestamp;

/// The room is told at most so often that somebody writes here.
const TYPED_EVERY_MS: u64 = 2_000;

/// A chat room as a page has it.
#[derive(Debug, Default)]
pub struct ChatLog {
    me: Option<Uuid>,
    owns: bool,
    /// Ascending by number, without a gap.
    messages: Vec<Message>,
    /// The room has older ones than the first.
    more: bool,
    /// Older ones were asked for on this socket.
    asked_older: bool,
    unsent: Unsent,
    changes: Vec<Change>,
    seen: u64,
    /// Who writes just now, by name, and when it was last told.
    typing: Vec<(Uuid, String, Timestamp)>,
    typed_at: Option<Timestamp>,
    order: Order,
    /// When the newest message of mine was acknowledged here.
    said_at: Option<Timestamp>,
}

/// A message of mine with another text, which the room has not told yet.
#[derive(Debug)]
struct Change {
    number: u64,
    text: String,
    /// It was asked on this socket.
    asked: bool,
}

impl ChatLog {
    /// Takes an event of the room; false when nothing that is shown changed. After
    /// each, [`ChatLog::due`] may have something to ask.
    pub fn event(&mut self, event: &Event, now: Timestamp) -> bool {
        match event {
            Event::Hello { you, access, .. } => {
                self.me = Some(you.id);
                self.owns = *access == Access::Own;
                self.unsent.connected();
                self.asked_older = false;
            }
            Event::Access { access } => self.owns = *access == Access::Own,
            Event::Message { message } => return self.take(message, now),
            Event::Messages {
                part,
                messages,
                more,
            } => {
                self.take_part(*part, messages, *more, now);
                // Not before it is known what the room has by now.
                let again = *part != Part::Older;
                self.changes
                    .iter_mut()
                    .for_each(|change| change.asked &= !again);
            }
            Event::Typing { person, name } if self.me != Some(*person) => {
                self.typing.retain(|(known, ..)| known != person);
                self.typing.push((*person, name.clone(), now));
            }
            Event::Seen { number } => self.seen = self.seen.max(*number),
            Event::Order {
                slow_seconds,
                muted,
            } => {
                self.order.slow_seconds = *slow_seconds;
                self.order.muted.clone_from(muted);
            }
            Event::Refused {
                what: Refusable::Message,
                reason,
                message,
                id: Some(id),
                retry_after_ms,
            } => {
                // Somebody who is muted decides for themselves what is still worth saying.
                let wait = retry_after_ms.filter(|_| reason != "muted");
                let again = wait.map(|wait| now.saturating_add(wait));
                return self.unsent.refused(id, message, again);
            }
            _ => return false,
        }
        true
    }

    /// Writes a message under an id made for it here, and gives what to ask, if it
    /// can go out now.
    pub fn say(&mut self, text: &str, id: &str, now: Timestamp) -> Option<Ask> {
        self.unsent.push(id, text, now);
        // The room no longer counts me as writing, so the next letter is news.
        self.typed_at = None;
        self.due(now)
    }

    /// What is to be asked now: to be called after each event, and each second.
    pub fn due(&mut self, now: Timestamp) -> Option<Ask> {
        let Some(change) = self.changes.iter_mut().find(|change| !change.asked) else {
            return self.unsent.due(now);
        };
        change.asked = true;
        Some(Ask::Change {
            number: change.number,
            text: change.text.clone(),
        })
    }

    /// A change of a message of mine was asked. It is kept until the room tells it, through
    /// any number of sockets.
    pub fn changing(&mut self, number: u64, text: &str) {
        self.changes.push(Change {
            number,
            text: text.to_owned(),
            asked: true,
        });
    }

    /// The room refused something about a message of mine: the number and the text of the
    /// change, if it was that.
    pub fn take_back(&mut self, id: &str) -> Option<(u64, String)> {
        let mine = |it: &&Message| it.id == id && Some(it.person.id) == self.me;
        let number = self.messages.iter().find(mine)?.number;
        let at = self.changes.iter().position(|it| it.number == number)?;
        Some((number, self.changes.remove(at).text))
    }

    /// Whether something that was written here would be lost with the page.
    #[must_use]
    pub fn has_unsent(&self) -> bool {
        !(self.unsent.list().is_empty() && self.changes.is_empty())
    }

    /// Lets a refused message go out again.
    pub fn retry(&mut self, id: &str) {
        self.unsent.retry(id);
    }

    /// Takes a message back that is not in the room yet, and gives its text.
    pub fn discard(&mut self, id: &str) -> Option<String> {
        self.unsent.take(id).map(|waiting| waiting.text)
    }

    /// The messages that are here, oldest first, without a gap.
    #[must_use]
    pub fn messages(&self) -> &[Message] {
        &self.messages
    }

    /// What was written here and is not in the room yet, oldest first.
    #[must_use]
    pub fn waiting(&self) -> &[Waiting] {
        self.unsent.list()
    }

    /// Who I am here, once the room has said so.
    #[must_use]
    pub fn me(&self) -> Option<Uuid> {
        self.me
    }

    /// How the room is kept.
    #[must_use]
    pub fn order(&self) -> &Order {
        &self.order
    }

    /// How many messages of others I have not seen. Of those that are not here all
    /// count.
    #[must_use]
    pub fn unread(&self) -> u64 {
        let here = self.messages.iter().filter(|it| self.is_unread(it)).count();
        let first = self.messages.first().map_or(0, |first| first.number);
        let not_here = first.saturating_sub(1).saturating_sub(self.seen);
        not_here.saturating_add(here as u64)
    }

    /// The first message here that I have not seen.
    #[must_use]
    pub fn unread_from(&self) -> Option<u64> {
        let first = self.messages.iter().find(|it| self.is_unread(it));
        first.map(|first| first.number)
    }

    /// I have seen everything up to a number; nothing to ask when that is known.
    pub fn seen(&mut self, number: u64) -> Option<Ask> {
        (number > self.seen).then(|| {
            self.seen = number;
            Ask::Seen { number }
        })
    }

    /// Somebody writes here; nothing to ask when that was told a moment ago.
    pub fn typed(&mut self, now: Timestamp) -> Option<Ask> {
        let told = self.typed_at;
        let due = told.is_none_or(|told| now.saturating_sub(told) >= TYPED_EVERY_MS);
        due.then(|| {
            self.typed_at = Some(now);
            Ask::Typing
        })
    }

    /// The names of those who write just now.
    #[must_use]
    pub fn typing(&self, now: Timestamp) -> Vec<&str> {
        let fresh = |at| now.saturating_sub(at) < TYPING_MS;
        let typing = self.typing.iter().filter(|(_, _, at)| fresh(*at));
        typing.map(|(_, name, _)| name.as_str()).collect()
    }

    /// Asks for older messages, if there are and they were not asked for.
    pub fn older(&mut self) -> Option<Ask> {
        let before = self.messages.first()?.number;
        (self.more && !self.asked_older).then(|| {
            self.asked_older = true;
            Ask::History { before }
        })
    }

    /// Whether the room has older messages than those here.
    #[must_use]
    pub fn has_older(&self) -> bool {
        self.more
    }

    /// How long slow mode lets me wait before my next message, milliseconds.
    #[must_use]
    pub fn wait_ms(&self, now: Timestamp) -> u64 {
        let pause = self.order.slow_seconds.saturating_mul(1_000);
        match self.said_at {
            Some(said) if !self.owns => said.saturating_add(pause).saturating_sub(now),
            _ => 0,
        }
    }

    /// Until when I may write nothing.
    #[must_use]
    pub fn muted_until(&self, now: Timestamp) -> Option<Timestamp> {
        let mine = |muted: &&Muted| Some(muted.person) == self.me && muted.until > now;
        self.order.muted.iter().find(mine).map(|muted| muted.until)
    }

    fn is_unread(&self, message: &Message) -> bool {
        message.number > self.seen && Some(message.person.id) != self.me && !message.deleted
    }

    fn take_part(&mut self, part: Part, messages: &[Message], more: bool, now: Timestamp) {
        match part {
            Part::Newest => {
                self.messages.clear();
                self.more = more;
            }
            Part::Older => {
                self.more = more;
                self.asked_older = false;
            }
            Part::Changed => {}
        }
        let first = self.messages.first().map_or(0, |first| first.number);
        if part == Part::Older {
            let older = messages.iter().filter(|it| it.number < first).cloned();
            self.messages.splice(0..0, older);
        } else {
            for message in messages {
                self.take(message, now);
            }
        }
    }

    fn take(&mut self, message: &Message, now: Timestamp) -> bool {
        self.typing.retain(|(id, ..)| *id != message.person.id);
        let mine = Some(message.person.id) == self.me;
        if mine && self.unsent.take(&message.id).is_some() {
            self.said_at = Some(now);
        }
        self.changes.retain(|change| {
            change.number != message.number || !(message.deleted || message.text == change.text)
        });
        let place = self
            .messages
            .binary_search_by_key(&message.number, |known| known.number);
        match place {
            Ok(at) => match self.messages.get_mut(at) {
                Some(known) if known.revision < message.revision => *known = message.clone(),
                _ => return mine,
            },
            // A change of one that is older than what is here will come with its page.
            Err(0) if self.more && !self.messages.is_empty() => return mine,
            Err(at) => self.messages.insert(at, message.clone()),
        }
        true
    }
}
