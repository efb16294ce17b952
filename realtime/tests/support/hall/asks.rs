//! What guests say, and what they have been told.

use note::Edit;
use realtime::{Ask, Event, FeedState, Refusable};
use serde_json::json;

use super::{Hall, Up};

/// A refusal as its guest heard it: of what, why, about which id, and the wait.
pub type Denial = (Refusable, String, Option<String>, Option<u64>);

impl Hall {
    /// Writes a chat message, as a page would: it goes out when it can.
    pub fn say(&mut self, guest: usize, text: &str) {
        let it = &mut self.guests[guest];
        it.said += 1;
        let id = format!("{guest}-{}", it.said);
        let ask = it.log.say(text, &id, self.now);
        self.ask_maybe(guest, ask);
    }

    pub fn ask(&mut self, guest: usize, ask: &Ask) {
        let commands = self.guests[guest].client.ask(ask);
        self.carry_out(guest, commands);
    }

    pub(super) fn ask_maybe(&mut self, guest: usize, ask: Option<Ask>) {
        if let Some(ask) = ask {
            self.ask(guest, &ask);
        }
    }

    pub fn send_text(&mut self, guest: usize, text: &str) {
        self.guests[guest]
            .to_server
            .push_back(Up::Text(text.to_owned()));
    }

    /// Types into a note.
    pub fn edit(&mut self, guest: usize, at: u32, text: &str) {
        let now = self.now;
        let edit = Edit::new(at, at, text);
        let commands = self.guests[guest].client.edit(&[edit], now).unwrap();
        self.carry_out(guest, commands);
    }

    /// Moves a caret.
    pub fn point(&mut self, guest: usize, at: u32) {
        let commands = self.guests[guest].client.show(&json!({ "cursor": at }));
        self.carry_out(guest, commands);
    }

    /// Sets a synced signal.
    pub fn set(&mut self, guest: usize, name: &str, value: serde_json::Value) {
        self.ask_to_set(guest, name, value, false);
    }

    /// Sets one for as long as the guest's socket is here.
    pub fn hold(&mut self, guest: usize, name: &str, value: serde_json::Value) {
        self.ask_to_set(guest, name, value, true);
    }

    fn ask_to_set(&mut self, guest: usize, name: &str, value: serde_json::Value, held: bool) {
        let ask = Ask::Set {
            name: name.to_owned(),
            value,
            while_here: held,
        };
        self.ask(guest, &ask);
    }

    /// The messages a guest has, as text.
    pub fn texts(&self, guest: usize) -> Vec<&str> {
        let messages = self.guests[guest].log.messages().iter();
        messages.map(|message| message.text.as_str()).collect()
    }

    /// What was refused to a guest, in order.
    pub fn denials(&self, guest: usize) -> Vec<Denial> {
        let denied = |event: &Event| match event.clone() {
            Event::Refused {
                what,
                reason,
                id,
                retry_after_ms,
                ..
            } => Some((what, reason, id, retry_after_ms)),
            _ => None,
        };
        self.guests[guest]
            .events
            .iter()
            .filter_map(denied)
            .collect()
    }

    /// Forgets what everybody heard so far.
    pub fn forget(&mut self) {
        for guest in &mut self.guests {
            guest.events.clear();
            guest.heard.clear();
        }
        self.told.clear();
    }

    /// The database has these notifications for somebody: text, and whether read.
    pub fn notify(&mut self, key: &str, list: &[(&str, bool)]) {
        let unread = list.iter().filter(|(_, read)| !read).count() as u64;
        let rows = list.iter().enumerate().rev().map(|(n, (quote, read))| {
            json!({
                "id": n + 1, "to": super::super::person(0).id, "kind": "mention",
                "cause": format!("/chat/tea#{n}"), "by": super::super::person(1),
                "place": "/chat/tea", "title": "Tea", "quote": quote, "at": 1, "read": read,
            })
        });
        let notifications = rows.map(|row| serde_json::from_value(row).unwrap());
        let state = FeedState::Person {
            unread,
            notifications: notifications.collect(),
        };
        self.feeds.insert(key.to_owned(), state);
    }
}
