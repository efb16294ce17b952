//! [hydrate] Messages as rows: grouped by person and minute, with rules between
//! days and above what is new, and below them what is not sent yet.

use realtime::{Message, UnsentState, Waiting};
use web_sys::Element;

use super::room::Chat;
use super::{CHAT_ROW, CHAT_RULE, CHAT_WAITING, lines};
use crate::clock::{day, hour_and_minute, name_of_day, time_of_day};
use crate::markup::{arrange, by_id, copy_of, find, set, show as reveal, write};
use crate::people::{initials, palette};

const MINUTE_MS: u64 = 60_000;

/// Shows the log as it is. Says whether rows came in above those that were there.
pub(super) fn show(chat: &Chat) -> bool {
    let (Some(place), Some(waiting)) = (
        find(&chat.panel, ".chat-log"),
        find(&chat.panel, ".chat-waiting"),
    ) else {
        return false;
    };
    let log = chat.log.borrow();
    let anchor = chat.panel.get_attribute("data-anchor").unwrap_or_default();
    let shown_from = place.get_attribute("data-from").unwrap_or_default();
    let mut rows = Vec::new();
    let mut before: Option<&Message> = None;
    for message in log.messages() {
        let same_day = before.is_some_and(|before| day(before.at) == day(message.at));
        if !same_day {
            let id = format!("{anchor}day-{}", day(message.at));
            rows.extend(rule(&id, &name_of_day(message.at), "chat-day"));
        }
        let is_new = chat.new_from.get() == Some(message.number);
        if is_new {
            rows.extend(rule(&format!("{anchor}new"), "New", "chat-new"));
        }
        let goes_on =
            same_day && !is_new && before.is_some_and(|before| is_one_group(before, message));
        rows.extend(row(chat, &anchor, message, goes_on));
        before = Some(message);
    }
    arrange(&place, &rows);
    let offline = chat.is_offline();
    let unsent: Vec<_> = log
        .waiting()
        .iter()
        .filter_map(|each| waiting_row(each, offline))
        .collect();
    arrange(&waiting, &unsent);

    let is_empty = rows.is_empty() && unsent.is_empty() && chat.arrived.get();
    for part in [".chat-empty", ".chat-notice"] {
        if let Some(part) = find(&chat.panel, part) {
            reveal(&part, is_empty);
        }
    }
    let from = log.messages().first().map(|first| first.number.to_string());
    let from = from.unwrap_or_default();
    set(&place, "data-from", &from);
    !shown_from.is_empty() && from != shown_from
}

/// One person within one minute.
fn is_one_group(before: &Message, message: &Message) -> bool {
    before.person.id == message.person.id
        && before.at / MINUTE_MS == message.at / MINUTE_MS
        && !before.deleted
        && !message.deleted
}

fn rule(id: &str, words: &str, class: &str) -> Option<Element> {
    let rule = by_id(id).or_else(|| copy_of(CHAT_RULE))?;
    rule.set_id(id);
    rule.set_class_name(&format!("chat-rule {class}"));
    write(&rule, "span", words);
    Some(rule)
}

/// The row of a message: the one that is there, if nothing changed.
fn row(chat: &Chat, anchor: &str, message: &Message, goes_on: bool) -> Option<Element> {
    let id = format!("{anchor}{}", message.number);
    let version = format!("{}{}", message.revision, if goes_on { "+" } else { "" });
    let there = by_id(&id);
    if let Some(there) = &there
        && there.get_attribute("data-version").as_deref() == Some(&version)
    {
        return Some(there.clone());
    }
    let row = there.or_else(|| copy_of(CHAT_ROW))?;
    row.set_id(&id);
    set(&row, "data-number", &message.number.to_string());
    set(&row, "data-version", &version);
    let mut class = "chat-message".to_owned();
    if goes_on {
        class.push_str(" chat-goes-on");
    }
    if message.deleted {
        class.push_str(" chat-deleted");
    }
    row.set_class_name(&class);
    if let Some(face) = find(&row, ".face") {
        face.set_class_name(&format!("face person-{}", palette(message.person.colour)));
        face.set_text_content(Some(&initials(&message.person.name)));
    }
    write(&row, ".chat-by b", &message.person.name);
    write(&row, ".chat-by time", &told(message));
    if let Some(time) = find(&row, "time") {
        let title = format!("{}, {}", name_of_day(message.at), time_of_day(message.at));
        set(&time, "title", &title);
    }
    if message.deleted {
        write(&row, ".chat-text", "Message deleted");
    } else if let Some(text) = find(&row, ".chat-text") {
        // Made safe by the room.
        text.set_inner_html(&message.html);
        if chat.has_lines() {
            lines::link(&text);
        }
    }
    if let Some(more) = find(&row, ".chat-more") {
        reveal(&more, !message.deleted && chat.may_write());
    }
    Some(row)
}

/// When, and whether it was changed since.
fn told(message: &Message) -> String {
    let mut time = hour_and_minute(message.at);
    if message.changed_at.is_some() && !message.deleted {
        time.push_str(" · edited");
    }
    time
}

/// The row of a message that is not sent yet, and what became of it.
fn waiting_row(waiting: &Waiting, offline: bool) -> Option<Element> {
    let id = format!("chat-unsent-{}", waiting.id);
    let row = by_id(&id).or_else(|| copy_of(CHAT_WAITING))?;
    row.set_id(&id);
    set(&row, "data-id", &waiting.id);
    write(&row, ".chat-text", &waiting.text);
    let (fate, failed) = match &waiting.state {
        UnsentState::Sending | UnsentState::Later { .. } if offline => {
            ("Not sent: no connection.", true)
        }
        UnsentState::Sending => ("Sending…", false),
        UnsentState::Later { why, .. } => (why.as_str(), false),
        UnsentState::Failed(why) => (why.as_str(), true),
    };
    write(&row, ".chat-fate span", fate);
    row.set_class_name(if failed {
        "chat-message chat-unsent chat-failed"
    } else {
        "chat-message chat-unsent"
    });
    Some(row)
}
