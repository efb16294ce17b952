//! [hydrate] What the bell knows, without a page: the newest notifications, how
//! many are unread, and which of them the open panel shows. Rows never move under
//! the pointer: what comes while the panel is open waits until it is asked for.

use realtime::{Event, Notification};

/// The bell's state.
#[derive(Default)]
pub(super) struct Inbox {
    unread: u64,
    newest: Vec<Notification>,
    revision: Option<u64>,
    /// Whether the server has said what there is.
    is_known: bool,
    /// The newest that the open panel shows; none while it is closed.
    held_at: Option<u64>,
}

impl Inbox {
    /// Takes over what the server told. False if it was old, or about something else.
    pub(super) fn hear(&mut self, event: &Event) -> bool {
        match event {
            Event::Notifications {
                unread,
                notifications,
                revision,
            } if self.is_new(*revision) => {
                self.unread = *unread;
                self.newest.clone_from(notifications);
                let was_known = std::mem::replace(&mut self.is_known, true);
                if !was_known && self.held_at.is_some() {
                    // The panel was opened before, and has no row yet that could move.
                    self.hold();
                }
            }
            Event::Notification {
                notification,
                unread,
                revision,
            } if self.is_new(*revision) => {
                self.unread = *unread;
                self.newest.retain(|each| each.id != notification.id);
                self.newest.insert(0, notification.clone());
            }
            // A new object begins to count anew.
            Event::Hello { .. } => {
                self.revision = None;
                return false;
            }
            _ => return false,
        }
        true
    }

    fn is_new(&mut self, revision: u64) -> bool {
        let is_new = self.revision.is_none_or(|before| before < revision);
        if is_new {
            self.revision = Some(revision);
        }
        is_new
    }

    /// Whether the server has said what there is.
    pub(super) fn is_known(&self) -> bool {
        self.is_known
    }

    /// How many are unread, everywhere.
    pub(super) fn unread(&self) -> u64 {
        self.unread
    }

    /// The panel opened: from now on its rows stay as they are.
    pub(super) fn hold(&mut self) {
        self.held_at = Some(self.newest.first().map_or(0, |newest| newest.id));
    }

    /// The panel closed.
    pub(super) fn let_go(&mut self) {
        self.held_at = None;
    }

    /// What the panel shows, newest first.
    pub(super) fn shown(&self) -> impl Iterator<Item = &Notification> {
        let held_at = self.held_at.unwrap_or(u64::MAX);
        self.newest.iter().filter(move |each| each.id <= held_at)
    }

    /// How many came since the panel was opened.
    pub(super) fn held_back(&self) -> usize {
        self.newest.len() - self.shown().count()
    }
}

#[cfg(test)]
mod tests {
    use realtime::Person;
    use uuid::Uuid;

    use super::*;

    fn notification(id: u64) -> Notification {
        let by = Person::new(Uuid::nil(), "Ben", 1);
        Notification {
            id,
            kind: "mention".to_owned(),
            by,
            place: format!("/chat/tea#m{id}"),
            title: "Tea".to_owned(),
            quote: String::new(),
            at: 0,
            read: false,
        }
    }

    fn one(id: u64, revision: u64) -> Event {
        Event::Notification {
            notification: notification(id),
            unread: id,
            revision,
        }
    }

    fn ids(inbox: &Inbox) -> Vec<u64> {
        inbox.shown().map(|each| each.id).collect()
    }

    #[test]
    fn an_older_revision_changes_nothing() {
        let mut inbox = Inbox::default();
        assert!(inbox.hear(&one(2, 5)));
        assert!(!inbox.hear(&one(1, 4)));
        assert_eq!((ids(&inbox), inbox.unread()), (vec![2], 2));
    }

    #[test]
    fn a_panel_that_was_opened_too_early_shows_what_comes_first() {
        let mut inbox = Inbox::default();
        inbox.hold();
        assert!(!inbox.is_known());
        inbox.hear(&Event::Notifications {
            unread: 1,
            notifications: vec![notification(2), notification(1)],
            revision: 1,
        });
        assert!(inbox.is_known());
        assert_eq!((ids(&inbox), inbox.held_back()), (vec![2, 1], 0));
        inbox.hear(&one(3, 2));
        assert_eq!((ids(&inbox), inbox.held_back()), (vec![2, 1], 1));
    }

    #[test]
    fn rows_stay_while_the_panel_is_open() {
        let mut inbox = Inbox::default();
        inbox.hear(&one(1, 1));
        inbox.hold();
        inbox.hear(&one(2, 2));
        assert_eq!((ids(&inbox), inbox.held_back()), (vec![1], 1));
        inbox.hold();
        assert_eq!((ids(&inbox), inbox.held_back()), (vec![2, 1], 0));
        inbox.let_go();
        inbox.hear(&one(3, 3));
        assert_eq!(ids(&inbox), [3, 2, 1]);
    }
}
