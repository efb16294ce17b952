//! The room's effects, done in the simulated network.

use std::collections::VecDeque;

use note::view::View;
use note::{ClientId, Document};
use realtime::{Effect, Outgoing, Refusal, SessionId, Unreadable, Versions};

use super::{Disk, Network};

/// Statements of the transaction in which `Storage::fold` puts a snapshot in place.
const FOLD_STATEMENTS: usize = 6;

impl Network {
    pub fn perform(&mut self, effects: Vec<Effect>) {
        let mut effects = VecDeque::from(effects);
        while let Some(effect) = effects.pop_front() {
            // A fold is one transaction: killed within, it has done nothing.
            let steps = match effect {
                Effect::Fold { .. } => FOLD_STATEMENTS,
                _ => 1,
            };
            if (0..steps).any(|_| self.burns_down()) {
                self.kill();
                return;
            }
            match effect {
                write if self.disk.fail && is_a_write(&write) => {
                    let failed = self.room.as_mut().unwrap().storage_failed(self.now);
                    effects = failed.into();
                }
                Effect::Reload => {
                    let more = self
                        .room
                        .as_mut()
                        .unwrap()
                        .reload(&self.disk.stored, self.now)
                        .unwrap();
                    effects.extend(more);
                }
                Effect::Send { to, frame } => self.send(&to, &frame),
                Effect::Close { session, refusal } => self.close(session, refusal),
                Effect::Doubt(id) => {
                    let kept = self.attachments.get_mut(&id).unwrap();
                    kept.progress.clean = None;
                }
                Effect::Attach(id) => {
                    if let Some(kept) = self.room.as_mut().unwrap().attachment(id) {
                        assert!(serde_json::to_string(&kept).unwrap().len() < 16_384);
                        self.attachments.insert(id, kept);
                    }
                }
                Effect::Timer(at) => {
                    self.timer = Some(self.timer.map_or(at, |timer| timer.min(at)));
                }
                Effect::Here(people) => self.here = people,
                Effect::Alarm(at) => self.alarm = Some(at),
                Effect::Index(entry) => self.index.push(entry),
                Effect::Notify(notices) => self.notify.push(notices),
                effect => self.keep(effect),
            }
        }
    }

    /// What is storage's.
    fn keep(&mut self, effect: Effect) {
        match effect {
            Effect::Append {
                version,
                update,
                at,
            } => {
                assert_eq!(
                    version,
                    self.disk.stored.version + 1,
                    "rows are numbered without a hole"
                );
                self.disk.appends += 1;
                self.disk.stored.log_rows += 1;
                self.disk.stored.log_bytes += update.len();
                self.disk.versions.push(update.clone());
                self.disk.stored.rows.push(update);
                self.disk.stored.version = version;
                self.disk.stored.changed_at = at;
            }
            Effect::Author { client, person, .. } => {
                self.disk.authors.entry(client).or_insert(person);
            }
            Effect::Writers(writers) => self.disk.stored.writers = writers,
            Effect::Title(title) => self.disk.stored.title = title,
            Effect::Fold { through, snapshot } => {
                assert_eq!(through, self.disk.stored.version);
                self.disk.stored.rows = vec![snapshot];
                self.disk.stored.log_rows = 0;
                self.disk.stored.log_bytes = 0;
            }
            Effect::Known(known) => {
                self.disk.stored.people.retain(|other| other.id != known.id);
                self.disk.stored.people.push(known);
            }
            Effect::Signal(signal) => {
                self.disk
                    .stored
                    .signals
                    .retain(|other| other.name != signal.name);
                self.disk.stored.signals.push(signal);
            }
            Effect::Notices(notices) => self.disk.stored.notices.extend(notices),
            Effect::Notified(notices) => {
                self.disk
                    .stored
                    .notices
                    .retain(|notice| !notices.contains(notice));
            }
            Effect::Indexed(version) => {
                self.disk.stored.indexed = version;
                self.disk.stored.writers.clear();
            }
            Effect::View(view) => {
                // Whoever is served it sees what is stored, not less and not more.
                assert_eq!(view.version, self.disk.stored.version);
                let rows = self.disk.stored.rows.iter().map(Vec::as_slice);
                let text = Document::load(ClientId(0), rows).unwrap().text();
                assert_eq!(view.html, View::new(&text).html());
                self.disk.views.push(*view);
            }
            _ => panic!("not of a note: {effect:?}"),
        }
    }

    pub(super) fn send(&mut self, to: &[SessionId], frame: &Outgoing) {
        if let Outgoing::Text(text) = frame
            && text.starts_with("{\"type\":\"view\"")
        {
            self.renders += 1;
        }
        for id in to {
            self.sends += 1;
            if let Some(gate) = &mut self.gate {
                gate.held.push((*id, frame.clone()));
            } else if let Some(&page) = self.sockets.get(id)
                && self.pages[page].socket == Some(*id)
            {
                self.pages[page].to_page.push_back(frame.clone());
            }
        }
    }

    pub(super) fn close(&mut self, session: SessionId, refusal: Refusal) {
        self.closed.push((session, refusal));
        self.attachments.remove(&session);
        if let Some(page) = self.sockets.remove(&session)
            && self.pages[page].socket == Some(session)
        {
            self.pages[page].closing = Some((refusal.close_code(), refusal.to_string()));
        }
    }
}

impl Versions for Disk {
    fn rows_of(&self, version: u64) -> Result<Option<Vec<Vec<u8>>>, Unreadable> {
        let rows = self.versions.get(..usize::try_from(version).unwrap());
        Ok(rows.map(<[_]>::to_vec))
    }
}

/// Whether an effect is storage's to do, and everything has to stop where it cannot.
fn is_a_write(effect: &Effect) -> bool {
    matches!(
        effect,
        Effect::Append { .. }
            | Effect::Author { .. }
            | Effect::Writers(_)
            | Effect::Title(_)
            | Effect::Fold { .. }
            | Effect::Known(_)
            | Effect::Signal(_)
            | Effect::Notices(_)
            | Effect::Notified(_)
            | Effect::Indexed(_)
    )
}
