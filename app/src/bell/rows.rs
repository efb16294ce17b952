//! [hydrate] Notifications as rows: copies of a template, kept while they show.

use realtime::Notification;
use web_sys::Element;

use super::inbox::Inbox;
use super::panel::Bell;
use super::{ALL, BELL_ROW, UNKNOWN_KIND, is_here};
use crate::clock::{ago, name_of_day, now_ms, time_of_day};
use crate::markup::{arrange, by_id, copy_of, find, set, show as reveal, write};
use crate::people::{initials, palette};

/// Shows what belongs under the chosen tab.
pub(super) fn show(bell: &Bell, inbox: &Inbox) {
    let Some(list) = find(&bell.panel, ".bell-list") else {
        return;
    };
    let tab = bell.tab.borrow();
    let rows: Vec<_> = inbox
        .shown()
        .filter(|each| *tab == ALL || of_tab(bell, each).as_deref() == Some(&*tab))
        .filter_map(|each| row(bell, each))
        .collect();
    arrange(&list, &rows);
    if let Some(empty) = find(&bell.panel, ".bell-empty") {
        reveal(&empty, rows.is_empty() && inbox.is_known());
    }
    if let Some(more) = find(&bell.panel, ".bell-more") {
        let count = inbox.held_back();
        reveal(&more, count > 0);
        more.set_text_content(Some(&["Show ", &count.to_string(), " new"].concat()));
    }
}

/// What the table of kinds says of a kind.
fn word(bell: &Bell, kind: &str) -> Option<Element> {
    let mut word = find(&bell.panel, "[data-kind]");
    while let Some(each) = word {
        if each.get_attribute("data-kind").as_deref() == Some(kind) {
            return Some(each);
        }
        word = each.next_element_sibling();
    }
    None
}

fn of_tab(bell: &Bell, notification: &Notification) -> Option<String> {
    word(bell, &notification.kind)?.get_attribute("data-of")
}

fn row(bell: &Bell, notification: &Notification) -> Option<Element> {
    let number = notification.id.to_string();
    let id = ["bell-", &number].concat();
    let row = by_id(&id).or_else(|| copy_of(BELL_ROW))?;
    row.set_id(&id);
    set(&row, "data-id", &number);
    let did = word(bell, &notification.kind).and_then(|word| word.text_content());
    for (place, words) in [
        (".face", &*initials(&notification.by.name)),
        (".bell-by", &notification.by.name),
        (".bell-did", did.as_deref().unwrap_or(UNKNOWN_KIND)),
        (".bell-title", &notification.title),
        (".bell-quote", &notification.quote),
        ("time", &ago(notification.at, now_ms())),
    ] {
        write(&row, place, words);
    }
    if let Some(face) = find(&row, ".face") {
        face.set_class_name(
            &["face person-", &palette(notification.by.colour).to_string()].concat(),
        );
    }
    if let Some(time) = find(&row, "time") {
        let exact = [
            &*name_of_day(notification.at),
            ", ",
            &time_of_day(notification.at),
        ]
        .concat();
        set(&time, "title", &exact);
    }
    if let Some(link) = find(&row, "a") {
        // By the server's word it is; anything else stays dead.
        if is_here(&notification.place) {
            set(&link, "href", &notification.place);
        }
    }
    if let Some(field) = find(&row, "input") {
        set(&field, "value", &number);
    }
    if let Some(dot) = find(&row, ".bell-dot") {
        reveal(&dot, !notification.read);
    }
    Some(row)
}
