//! Taking in what others wrote, and what became of the view.

use note::edit::Edit;
use note::{Document, UpdateError};

use super::{Client, Command, Output};
use crate::event::Event;
use crate::frame::Frame;
use crate::packed::Turn;
use crate::session::Timestamp;

impl Client {
    pub(super) fn take(&mut self, update: &[u8], now: Timestamp, commands: &mut Vec<Command>) {
        let applied = if self.doc.is_new() {
            self.start_with(update)
        } else {
            self.add(update)
        };
        match applied {
            Ok(edits) if edits.is_empty() || !self.ready => {}
            Ok(edits) => {
                self.keeping.came_in(edits.len());
                commands.push(Command::Tell(Output::Edits(edits)));
            }
            Err(UpdateError::Gap) => {
                commands.push(Command::Send(
                    Frame::Step1(&self.doc.state_vector()).encode(),
                ));
            }
            Err(_) => self.start_again(now, commands),
        }
    }

    fn add(&mut self, update: &[u8]) -> Result<Vec<Edit>, UpdateError> {
        let checked = self.doc.check_of_any_size(update)?;
        if !checked.adds_anything() {
            return Ok(Vec::new());
        }
        self.doc.apply_located(&checked)
    }

    /// Goes on with another document, of the same limit.
    pub(super) fn replace_document(&mut self, mut doc: Document) {
        doc.limit_text(self.doc.max_bytes());
        self.doc = doc;
    }

    /// What the server has, for a page that has nothing: it was checked there, and is
    /// loaded as it would be from the device.
    fn start_with(&mut self, update: &[u8]) -> Result<Vec<Edit>, UpdateError> {
        self.replace_document(Document::load(self.doc.client(), [update])?);
        let text = self.doc.text();
        Ok((!text.is_empty())
            .then(|| Edit::new(0, 0, &text))
            .into_iter()
            .collect())
    }

    /// The update and what it made of the view, in one frame (V7).
    pub(super) fn receive_turn(
        &mut self,
        bytes: &[u8],
        now: Timestamp,
        commands: &mut Vec<Command>,
    ) {
        let Ok(turn) = Turn::decode(bytes) else {
            return self.lose_view(now, commands);
        };
        if !turn.update.is_empty() {
            self.take(turn.update, now, commands);
            if !self.line.is_open() {
                // It did not fit, and the socket goes.
                return;
            }
        }
        let from = self.revision;
        let after = from.and_then(|from| turn.revision_after(from));
        match after.zip(after.and_then(|_| self.blocks.unpack(&turn))) {
            Some((revision, patches)) => {
                self.revision = Some(revision);
                let view = Event::View {
                    revision,
                    from,
                    patches,
                };
                commands.push(Command::Tell(Output::Event(view)));
            }
            None => self.lose_view(now, commands),
        }
    }

    /// The page could not show what came for its view: another socket brings all of it.
    pub fn view_is_lost(&mut self, now: Timestamp) -> Vec<Command> {
        let mut commands = Vec::new();
        if self.revision.is_some() {
            self.lose_view(now, &mut commands);
        }
        self.tell_status(&mut commands);
        commands
    }

    /// Patches came for a view this page does not have: asks for all of it.
    pub(super) fn lose_view(&mut self, now: Timestamp, commands: &mut Vec<Command>) {
        self.revision = None;
        self.start_again(now, commands);
    }
}
