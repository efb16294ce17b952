//! A note as the device has it: what the server said of it last, and its document. A
//! page that cannot ask the server starts from that (D7); the server's word, when it
//! comes, holds.

use note::Document;
use uuid::Uuid;

use super::kept::Found;
use super::{Client, Command, Output};
use crate::access::Access;
use crate::event::Event;
use crate::session::Timestamp;

/// The document of a note that was made on a device and that the server does not know
/// yet. It holds nothing but what the device keeps, so that may be merged into whatever
/// document the note gets (D8).
pub(super) const MADE_HERE: &str = "made-here";

/// A note as the device keeps it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeptNote {
    /// Who had it open.
    pub person: Uuid,
    /// The server's last `hello`, as it came.
    pub hello: String,
    /// The title since.
    pub title: String,
    /// The document, with its history.
    pub document: Vec<u8>,
}

impl KeptNote {
    /// A note that is made on this device; the person is nil where nobody is known.
    #[must_use]
    pub fn made_here(person: Uuid) -> Self {
        let limit = note::MAX_TEXT_BYTES;
        let hello = format!(
            r#"{{"type":"hello","you":{{"id":"{person}","name":"","colour":0}},"access":"own","version":0,"revision":0,"title":"","generation":"{MADE_HERE}","server":"","limits":{{"text_bytes":{limit},"frame_bytes":0}}}}"#
        );
        Self {
            person,
            hello,
            title: String::new(),
            document: Vec::new(),
        }
    }
}

impl Client {
    /// The note as the device should have it; none before it is here, and none as long as
    /// the device has it so: written anew it would count as fresh, and not be fetched ahead.
    #[must_use]
    pub fn kept_note(&self) -> Option<KeptNote> {
        if self.keeping.unsynced && self.unsaved.is_empty() && !self.is_made_here() {
            return None;
        }
        let mut shown = None;
        for event in self.present.events() {
            if let Event::Hello { title, .. } | Event::Title { title } = event {
                shown = Some(title);
            }
        }
        Some(KeptNote {
            person: self.keeping.person().filter(|_| self.ready)?,
            hello: self.greeting.clone(),
            title: shown?.clone(),
            document: self.doc.snapshot(),
        })
    }

    /// Starts from what the device has, together with what earlier pages kept: the text
    /// is here before the server is. Not where the server would not have some of it.
    pub fn start_from(&mut self, kept: &KeptNote, found: &[Found]) -> Vec<Command> {
        let mut commands = Vec::new();
        if self.ready || found.iter().any(|found| found.doubtful) {
            return commands;
        }
        let Ok(mut event) = serde_json::from_str(&kept.hello) else {
            return commands;
        };
        if let Event::Hello { title, .. } = &mut event {
            title.clone_from(&kept.title);
        }
        let Event::Hello {
            you,
            access,
            generation: Some(generation),
            ..
        } = &event
        else {
            return commands;
        };
        let documents = Some(&*kept.document).filter(|document| !document.is_empty());
        let Ok(doc) = Document::load(self.doc.client(), documents) else {
            return commands;
        };
        self.replace_document(doc);
        self.keeping.met(you.id, *access, generation.clone());
        for found in found {
            for row in &found.rows {
                let same = row.generation == *generation && row.person == you.id;
                // What builds on something that is not here is merged with the server's.
                if !same || self.take_kept(&row.update, &mut commands).is_err() {
                    break;
                }
            }
        }
        self.greeting.clone_from(&kept.hello);
        self.keeping.from_device = true;
        self.keeping.unsynced = true;
        self.ready = true;
        self.line.counts_as_lost();
        self.present.keep(&event);
        commands.push(Command::Tell(Output::Event(event)));
        commands.push(Command::Tell(Output::Ready {
            text: self.doc.text(),
        }));
        self.tell_status(&mut commands);
        commands
    }

    /// Whether the note was made on this device and the server has to be told of it
    /// before it is joined.
    #[must_use]
    pub fn is_made_here(&self) -> bool {
        self.keeping.generation() == Some(MADE_HERE)
    }

    /// The server greets a page that started from the device. Where it has another
    /// document, takes the page for somebody else, or lets nobody write whose edits are
    /// in the text, all that came from the device is let go, and what was kept goes the
    /// way of D3. True when this socket is over.
    pub(super) fn lets_go(
        &mut self,
        (person, access, generation): (Uuid, Access, &str),
        now: Timestamp,
        commands: &mut Vec<Command>,
    ) -> bool {
        let from_device = std::mem::take(&mut self.keeping.from_device);
        let differs = self.keeping.differs(person, access, generation);
        let Some(why) = differs.filter(|_| from_device) else {
            return false;
        };
        if !self.unsaved.is_empty() {
            // What was written in this very page is on the device, under what it was.
            self.end_with(why, now, commands);
            return true;
        }
        self.doc = Document::new(self.doc.client());
        self.ready = false;
        self.revision = None;
        self.start_again(now, commands);
        true
    }
}
