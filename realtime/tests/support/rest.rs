//! What the shell does while a note is at rest (`durable_object/rest.rs`): somebody is
//! greeted, and given what is stored, before a room is open.

use note::view::{Block, View};
use realtime::{AtRest, Client, Kind, Outgoing, Resting, SessionId, Settings, step_2_of_stored};

use super::Network;

/// The room is opened so long after somebody got the document.
const OPENED_AFTER_MS: u64 = 50;

/// What is known of a note at rest.
#[derive(Default)]
pub struct Rest {
    /// Whether anybody is greeted at rest at all.
    pub greets: bool,
    /// The version and the revision of the view that was served.
    served: Option<(u64, u64)>,
    /// Who was greeted, and what they sent that waits for the room.
    greeted: Option<(SessionId, Vec<Vec<u8>>)>,
    /// How many were greeted, and how many given the document.
    pub counted: (usize, usize),
}

impl Network {
    fn is_at_rest(&self) -> bool {
        self.rest.greets && self.room.is_none() && self.sockets.is_empty()
    }

    /// The client of a page that is opened now, and the view it is served with: that of a
    /// note at rest, else none.
    pub(super) fn served(&mut self) -> (Client, Vec<Block>) {
        self.seed += 1;
        let (mut revision, mut blocks) = (None, Vec::new());
        if self.is_at_rest() {
            let stored = &self.disk.stored;
            let version = stored.version;
            let served = self.rest.served.filter(|(of, _)| *of == version);
            let served = served.unwrap_or((version, self.now + version));
            self.rest.served = Some(served);
            revision = Some(served.1);
            blocks = View::new(&self.stored_text()).blocks();
        }
        let client = Client::new(self.seed * 7_919, revision, Kind::Document);
        (client, blocks)
    }

    /// The revision that a room which is opened now goes on from.
    pub(super) fn take_served(&mut self) -> Option<u64> {
        let served = self.rest.served.take()?;
        (served.0 == self.disk.stored.version).then_some(served.1)
    }

    /// Lets a page in without a room; false where that cannot be.
    pub(super) fn greet_at_rest(&mut self, page: usize, revision: Option<u64>) -> bool {
        let stored = &self.disk.stored;
        let served = self.rest.served.filter(|(of, _)| *of == stored.version);
        let (true, Some((version, served))) = (self.is_at_rest(), served) else {
            return false;
        };
        let text = self.stored_text();
        let note = AtRest {
            version,
            revision: served,
            title: note::summary::title(&text).unwrap_or_else(|| "Untitled".to_owned()),
            generation: self.disk.stored.generation.clone(),
        };
        let id = SessionId(self.next_id + 1);
        let mut admission = self.pages[page].admission.clone();
        admission.revision = revision;
        let settings = Settings {
            server: "test".to_owned(),
            ..Settings::default()
        };
        let Some((kept, hello)) = note.greet(id, admission, &settings, self.now) else {
            return false;
        };
        self.next_id += 1;
        self.rest.counted.0 += 1;
        self.sockets.insert(id, page);
        self.attachments.insert(id, kept);
        self.rest.greeted = Some((id, Vec::new()));
        let it = &mut self.pages[page];
        it.socket = Some(id);
        let commands = it.client.opened(self.now);
        let hello = serde_json::to_string(&hello.unwrap()).unwrap();
        self.send(&[id], &Outgoing::Text(hello.into()));
        self.carry_out(page, commands);
        true
    }

    /// Takes in a frame without a room; false where one has to be opened for it.
    pub(super) fn hear_at_rest(&mut self, id: SessionId, frame: &[u8]) -> bool {
        let Some((_, waiting)) = self.rest.greeted.as_mut().filter(|(it, _)| *it == id) else {
            return false;
        };
        match Resting::of(frame) {
            Resting::Everything => {
                let whole = step_2_of_stored(&self.disk.stored).unwrap();
                self.send(&[id], &Outgoing::Binary(whole.into()));
                self.timer = Some(self.now + OPENED_AFTER_MS);
                self.rest.counted.1 += 1;
                true
            }
            Resting::Awareness => {
                waiting.push(frame.to_vec());
                true
            }
            Resting::Other => false,
        }
    }

    /// A room is open: what waited for it.
    pub(super) fn end_rest(&mut self) {
        let Some((id, waiting)) = self.rest.greeted.take() else {
            return;
        };
        for frame in waiting {
            let Some(room) = self.room.as_mut() else {
                return;
            };
            let effects = room.receive(id, &frame, self.now);
            self.perform(effects);
        }
    }

    /// The time has come to open the room, if somebody was greeted.
    pub(super) fn open_after_rest(&mut self) {
        if self.rest.greeted.is_some() {
            self.wake();
        }
    }

    /// Memory is lost.
    pub(super) fn forget_rest(&mut self) {
        self.rest.greeted = None;
        self.rest.served = None;
    }
}
