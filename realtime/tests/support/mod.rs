//! A simulated network: one room, its clients, and queues in between. The test
//! decides when a frame arrives, a socket breaks, the object sleeps or dies.
#![allow(
    dead_code,
    unreachable_pub,
    reason = "each test file uses its part of the network"
)]
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "test support"
)]

pub mod chaos;
mod converged;
pub mod device;
pub mod hall;
mod perform;
pub mod rest;
pub mod shelf;

use std::collections::{BTreeMap, VecDeque};

use note::view::Block;
use note::{ClientId, Edit, EditError};
use realtime::{
    Access, Admission, Apart, Client, Command, Event, Kept, Outgoing, Output, Person, Reading,
    Refusal, Room, SessionId, Settings, Status, Stored, Timestamp,
};
use uuid::Uuid;

use device::Device;

/// A page: the client's half, and what an editor and a view would hold.
pub struct Page {
    pub client: Client,
    pub admission: Admission,
    /// The editor's text, kept by the edits it was told.
    pub editor: Option<String>,
    pub blocks: Vec<Block>,
    pub status: Option<Status>,
    pub events: Vec<Event>,
    pub socket: Option<SessionId>,
    pub wants_socket: Option<Option<u64>>,
    pub to_server: VecDeque<Vec<u8>>,
    to_page: VecDeque<Outgoing>,
    closing: Option<(u16, String)>,
    /// The device it keeps its edits on, and its name there.
    pub device: Option<usize>,
    pub name: String,
    /// What of earlier pages was not merged.
    pub apart: Vec<Apart>,
    /// Its tab is gone.
    pub dead: bool,
}

/// Storage that counts, and can be told to fail.
#[derive(Default)]
pub struct Disk {
    pub stored: Stored,
    pub appends: usize,
    /// Every row there ever was, the first version's first.
    pub versions: Vec<Vec<u8>>,
    pub fail: bool,
    /// What the note read like, each time that was stored.
    pub views: Vec<Reading>,
    pub authors: BTreeMap<u64, Uuid>,
}

pub struct Network {
    pub room: Option<Room>,
    pub disk: Disk,
    pub pages: Vec<Page>,
    pub now: Timestamp,
    pub sockets: BTreeMap<SessionId, usize>,
    pub attachments: BTreeMap<SessionId, Kept>,
    pub timer: Option<Timestamp>,
    pub alarm: Option<Timestamp>,
    pub index: Vec<realtime::IndexEntry>,
    /// Notices handed to the host, whether it took them is the test's to say.
    pub notify: Vec<Vec<realtime::Notice>>,
    /// How many people the host was told are here.
    pub here: usize,
    pub sends: usize,
    pub renders: usize,
    pub closed: Vec<(SessionId, Refusal)>,
    pub devices: Vec<Device>,
    /// Storage is slow: what waits for it to answer.
    pub gate: Option<chaos::Gate>,
    /// The process is killed after so many more effects.
    pub fuse: Option<usize>,
    pub rest: rest::Rest,
    next_id: u64,
    seed: u64,
}

pub fn person(n: u128) -> Person {
    Person::new(
        Uuid::from_u128(n),
        ["Ada", "Ben", "Cyd", "Dot"][(n % 4) as usize],
        1,
    )
}

pub fn admission(n: u128, access: Access) -> Admission {
    Admission {
        events: true,
        // Every other one is told packed.
        packed: n.is_multiple_of(2),
        ..Admission::new(person(n), access)
    }
}

impl Page {
    /// Forgets what is under way in both directions.
    pub fn clear(&mut self) {
        self.to_server.clear();
        self.to_page.clear();
    }
}

impl Network {
    /// Delivers everything to one page.
    pub fn drain(&mut self, page: usize) {
        while self.deliver_to_page(page) {}
        self.pages[page].events.clear();
        while self.deliver_to_server(page) {}
    }

    pub fn new() -> Self {
        let mut network = Self {
            room: None,
            disk: Disk::default(),
            pages: Vec::new(),
            now: 1_000_000,
            sockets: BTreeMap::new(),
            attachments: BTreeMap::new(),
            timer: None,
            alarm: None,
            index: Vec::new(),
            notify: Vec::new(),
            here: 0,
            sends: 0,
            renders: 0,
            closed: Vec::new(),
            devices: Vec::new(),
            gate: None,
            fuse: None,
            rest: rest::Rest::default(),
            next_id: 0,
            seed: 7,
        };
        network.wake();
        network
    }

    /// The object's constructor: from storage and attachments.
    pub fn wake(&mut self) {
        if self.room.is_some() {
            return;
        }
        let kept = self
            .attachments
            .iter()
            .filter(|(id, _)| self.sockets.contains_key(id))
            .map(|(_, k)| k.clone());
        let settings = Settings {
            server: "test".to_owned(),
            ..Settings::default()
        };
        let kept = kept.collect();
        self.seed += 1;
        let client = ClientId(1_000_000 + self.seed);
        let stored = Stored {
            revision: self.take_served(),
            ..self.disk.stored.clone()
        };
        let mut room = Room::open(client, settings, &stored, kept, self.now).unwrap();
        let effects = room.wake(self.now);
        self.room = Some(room);
        // A fuse is for what comes after: whoever wakes the room goes on with it.
        let fuse = self.fuse.take();
        self.perform(effects);
        self.end_rest();
        self.fuse = fuse;
    }

    /// Memory goes, sockets and storage stay: sleep, or a panic.
    pub fn sleep(&mut self) {
        self.now += 20;
        self.room = None;
        self.timer = None;
        self.forget_rest();
    }

    /// The process dies: memory and sockets go.
    pub fn kill(&mut self) {
        self.room = None;
        self.timer = None;
        self.now += 20;
        self.forget_rest();
        self.lose_what_is_under_way();
        self.attachments.clear();
        for id in std::mem::take(&mut self.sockets).into_values() {
            self.break_page(id);
        }
    }

    /// Adds a page and connects it.
    pub fn join(&mut self, admission: Admission) -> usize {
        let (client, blocks) = self.served();
        self.join_as(client, blocks, admission)
    }

    fn join_as(&mut self, mut client: Client, blocks: Vec<Block>, admission: Admission) -> usize {
        let commands = client.start(self.now);
        self.pages.push(Page {
            client,
            admission,
            editor: None,
            blocks,
            status: None,
            events: Vec::new(),
            socket: None,
            wants_socket: None,
            to_server: VecDeque::new(),
            to_page: VecDeque::new(),
            closing: None,
            device: None,
            name: String::new(),
            apart: Vec::new(),
            dead: false,
        });
        let page = self.pages.len() - 1;
        self.carry_out(page, commands);
        page
    }

    /// A writer who is connected and in step.
    pub fn writer(&mut self, n: u128) -> usize {
        let page = self.join(admission(n, Access::Edit));
        self.settle();
        page
    }

    /// Types in a page, as its editor would.
    pub fn type_at(&mut self, page: usize, edits: &[Edit]) -> Result<(), EditError> {
        let commands = self.pages[page].client.edit(edits, self.now)?;
        if let Some(text) = &self.pages[page].editor {
            self.pages[page].editor = Some(note::edit::apply_to(text, edits).unwrap());
        }
        self.carry_out(page, commands);
        Ok(())
    }

    pub fn insert(&mut self, page: usize, at: u32, text: &str) {
        self.type_at(page, &[Edit::new(at, at, text)]).unwrap();
    }

    /// Sends raw bytes from a page's socket.
    pub fn send_raw(&mut self, page: usize, bytes: Vec<u8>) {
        self.pages[page].to_server.push_back(bytes);
    }

    /// Cuts a page's socket; both ends notice.
    pub fn cut(&mut self, page: usize) {
        if let Some(id) = self.pages[page].socket {
            self.sockets.remove(&id);
            self.attachments.remove(&id);
            self.wake();
            let effects = self.room.as_mut().unwrap().leave(id, self.now);
            self.perform(effects);
        }
        self.break_page(page);
    }

    /// Cuts a page's socket; only the page notices.
    pub fn cut_silently(&mut self, page: usize) {
        self.break_page(page);
    }

    fn break_page(&mut self, page: usize) {
        let now = self.now;
        let it = &mut self.pages[page];
        it.socket = None;
        it.to_server.clear();
        it.to_page.clear();
        it.closing = None;
        let commands = it.client.closed(1006, "", now);
        self.carry_out(page, commands);
    }

    fn carry_out(&mut self, page: usize, commands: Vec<Command>) {
        for command in commands {
            let it = &mut self.pages[page];
            match command {
                Command::Connect { revision, .. } => it.wants_socket = Some(revision),
                Command::Send(bytes) => it.to_server.push_back(bytes),
                // Pages of notes ask nothing in words here.
                Command::Say(_) => {}
                Command::Ping => it.to_page.push_back(Outgoing::Text("pong".into())),
                Command::Probe => {
                    let commands = it.client.socket_works(self.now);
                    self.carry_out(page, commands);
                }
                Command::Drop => {
                    it.to_server.clear();
                    it.to_page.clear();
                    if let Some(id) = it.socket.take() {
                        self.sockets.remove(&id);
                        self.attachments.remove(&id);
                        self.wake();
                        let effects = self.room.as_mut().unwrap().leave(id, self.now);
                        self.perform(effects);
                    }
                }
                Command::Tell(output) => self.tell(page, output),
                Command::Keep(_)
                | Command::Forget { .. }
                | Command::ForgetOf { .. }
                | Command::Doubt { .. } => self.keep_on_device(page, command),
            }
        }
        self.write_soon(page);
    }

    fn tell(&mut self, page: usize, output: Output) {
        let it = &mut self.pages[page];
        match output {
            Output::Ready { text } => it.editor = Some(text),
            Output::Edits(edits) => {
                let text = it.editor.as_ref().expect("edits come after the text");
                it.editor = Some(note::edit::apply_to(text, &edits).unwrap());
            }
            Output::Event(event) => {
                if let Event::View { from, patches, .. } = &event {
                    if from.is_none() {
                        it.blocks.clear();
                    }
                    for patch in patches {
                        let end = patch.at + patch.remove;
                        it.blocks
                            .splice(patch.at..end, patch.insert.iter().cloned());
                    }
                }
                it.events.push(event);
            }
            Output::Status(status) => it.status = Some(status),
            Output::Apart(apart) => it.apart = apart,
            Output::Awareness(_) => {}
        }
    }

    /// Opens the socket a page asked for.
    pub fn open_socket(&mut self, page: usize) {
        let Some(revision) = self.pages[page].wants_socket.take() else {
            return;
        };
        if self.greet_at_rest(page, revision) {
            return;
        }
        self.wake();
        self.next_id += 1;
        let id = SessionId(self.next_id);
        self.sockets.insert(id, page);
        self.pages[page].socket = Some(id);
        let mut admission = self.pages[page].admission.clone();
        admission.revision = revision;
        let commands = self.pages[page].client.opened(self.now);
        let effects = self.room.as_mut().unwrap().join(id, admission, self.now);
        self.perform(effects);
        if self.pages[page].socket == Some(id) {
            self.carry_out(page, commands);
        }
    }

    /// Delivers one frame from a page to the room.
    pub fn deliver_to_server(&mut self, page: usize) -> bool {
        let Some(id) = self.pages[page].socket else {
            return false;
        };
        let Some(bytes) = self.pages[page].to_server.pop_front() else {
            return false;
        };
        if self.hear_at_rest(id, &bytes) {
            return true;
        }
        self.wake();
        let effects = self.room.as_mut().unwrap().receive(id, &bytes, self.now);
        self.perform(effects);
        true
    }

    /// Delivers one frame from the room to a page.
    pub fn deliver_to_page(&mut self, page: usize) -> bool {
        let now = self.now;
        match self.pages[page].to_page.pop_front() {
            Some(Outgoing::Binary(bytes)) => {
                let commands = self.pages[page].client.receive(&bytes, now);
                self.carry_out(page, commands);
            }
            Some(Outgoing::Text(text)) => {
                let commands = self.pages[page].client.receive_text(&text, now);
                self.carry_out(page, commands);
            }
            None => {
                let Some((code, reason)) = self.pages[page].closing.take() else {
                    return false;
                };
                self.pages[page].socket = None;
                self.pages[page].to_server.clear();
                let commands = self.pages[page].client.closed(code, &reason, now);
                self.carry_out(page, commands);
            }
        }
        true
    }

    /// Moves time, firing the room's timer where it is due.
    pub fn advance(&mut self, ms: u64) {
        let until = self.now + ms;
        while let Some(due) = self.timer.filter(|&due| due <= until) {
            self.now = self.now.max(due);
            self.timer = None;
            self.open_after_rest();
            if let Some(room) = self.room.as_mut() {
                let effects = room.tick(self.now);
                self.perform(effects);
            }
        }
        self.now = until;
        for page in self.living() {
            let commands = self.pages[page].client.tick(self.now);
            self.carry_out(page, commands);
        }
    }

    pub fn fire_alarm(&mut self) {
        self.alarm = None;
        self.wake();
        let effects = self.room.as_mut().unwrap().alarm(self.now);
        self.perform(effects);
    }

    /// Runs until nothing moves and nothing waits.
    pub fn settle(&mut self) {
        for _ in 0..100_000 {
            let mut moved = false;
            for page in self.living() {
                if self.pages[page].wants_socket.is_some() {
                    self.open_socket(page);
                    moved = true;
                }
                moved |= self.deliver_to_server(page);
                moved |= self.deliver_to_page(page);
            }
            if moved {
                continue;
            }
            if self.timer.is_some() || self.pages.iter().any(|page| self.is_waiting(page)) {
                self.advance(200);
            } else {
                return;
            }
        }
        let moving = self.pages.iter().enumerate().filter(|(_, page)| {
            self.is_waiting(page) || !page.to_page.is_empty() || !page.to_server.is_empty()
        });
        let moving: Vec<_> = moving.map(|(n, page)| (n, &page.status)).collect();
        panic!(
            "the network does not come to rest: timer {:?}, pages {moving:?}",
            self.timer
        );
    }

    fn is_waiting(&self, page: &Page) -> bool {
        !page.dead
            && page.status.as_ref().is_some_and(|status| {
                status.retry_at.is_some()
                    || (status.waiting > 0 && !matches!(status.link, realtime::Link::Closed { .. }))
            })
    }

    /// The pages whose tabs are there.
    pub fn living(&self) -> Vec<usize> {
        let living = |page: &usize| !self.pages[*page].dead;
        (0..self.pages.len()).filter(living).collect()
    }

    pub fn text(&self) -> String {
        self.room.as_ref().unwrap().text()
    }
}
