//! Objects of every kind of key, and pages that join them by the real client. The
//! test decides when a frame arrives, a socket breaks, an object sleeps or dies.

mod asks;
mod effects;
mod panics;

use std::collections::{BTreeMap, VecDeque};

use note::ClientId;
use realtime::{
    Access, Admission, ChatLog, Client, Command, Effect, Event, FeedState, Group, Kept, Key, Kind,
    Link, Notice, Outgoing, Output, Refusal, SessionId, Settings, Status, Timestamp, Wanted, Who,
};

use super::admission;
use super::shelf::Shelf;

/// A page on one key.
pub struct Guest {
    pub key: Key,
    pub client: Client,
    pub admission: Admission,
    pub log: ChatLog,
    pub events: Vec<Event>,
    /// Frames as they came, text only.
    pub heard: Vec<String>,
    pub status: Option<Status>,
    pub socket: Option<SessionId>,
    pub wants_socket: Option<Option<u64>>,
    to_server: VecDeque<Up>,
    to_page: VecDeque<Outgoing>,
    closing: Option<(u16, String)>,
    said: usize,
}

enum Up {
    Binary(Vec<u8>),
    Text(String),
}

/// One key's object.
pub struct Object {
    pub group: Option<Group>,
    pub shelf: Shelf,
    sockets: BTreeMap<SessionId, usize>,
    attachments: BTreeMap<SessionId, Kept>,
    pub timer: Option<Timestamp>,
    pub alarm: Option<Timestamp>,
}

/// Everything.
pub struct Hall {
    pub now: Timestamp,
    pub objects: BTreeMap<String, Object>,
    pub guests: Vec<Guest>,
    pub settings: Settings,
    /// What the database says of a feed.
    pub feeds: BTreeMap<String, FeedState>,
    /// Questions of feeds that are not answered.
    pub loads: Vec<(Key, u64)>,
    /// Whose rights are to be looked at again, for they ended.
    pub rechecks: Vec<(Key, Vec<SessionId>)>,
    /// Notices the host took.
    pub taken: Vec<Notice>,
    pub host_fails: bool,
    /// Nobody can connect.
    pub down: bool,
    /// Of each type of event: how many were made, and how many frames were sent.
    pub told: BTreeMap<String, (usize, usize)>,
    pub closed: Vec<(Key, Refusal)>,
    /// When sockets were opened.
    pub opened_at: Vec<Timestamp>,
    next_id: u64,
    seed: u64,
}

impl Hall {
    pub fn new() -> Self {
        Self {
            now: 1_700_000_000_000,
            objects: BTreeMap::new(),
            guests: Vec::new(),
            settings: Settings {
                server: "test".to_owned(),
                ..Settings::default()
            },
            feeds: BTreeMap::new(),
            loads: Vec::new(),
            rechecks: Vec::new(),
            taken: Vec::new(),
            host_fails: false,
            down: false,
            told: BTreeMap::new(),
            closed: Vec::new(),
            opened_at: Vec::new(),
            next_id: 0,
            seed: 11,
        }
    }

    /// Ada, Ben and Cyd on a key, who may all write.
    pub fn of_three(key: &str) -> Self {
        let mut hall = Self::new();
        for who in 0..3 {
            hall.join(key, admission(who, Access::Edit));
        }
        hall.settle();
        hall
    }

    pub fn join(&mut self, key: &str, admission: Admission) -> usize {
        self.seed += 1;
        let key: Key = key.parse().unwrap();
        let mut client = Client::new(
            self.seed.wrapping_mul(0x9e37_79b9_7f4a_7c15),
            None,
            key.kind(),
        );
        let commands = client.start(self.now);
        self.guests.push(Guest {
            key,
            client,
            admission,
            log: ChatLog::default(),
            events: Vec::new(),
            heard: Vec::new(),
            status: None,
            socket: None,
            wants_socket: None,
            to_server: VecDeque::new(),
            to_page: VecDeque::new(),
            closing: None,
            said: 0,
        });
        let guest = self.guests.len() - 1;
        self.carry_out(guest, commands);
        guest
    }

    fn object(&mut self, key: &Key) -> &mut Object {
        let shelf = Shelf::new(key.clone());
        self.objects
            .entry(key.to_string())
            .or_insert_with(|| Object {
                group: None,
                shelf,
                sockets: BTreeMap::new(),
                attachments: BTreeMap::new(),
                timer: None,
                alarm: None,
            })
    }

    /// Opens the object's group, if it sleeps.
    pub fn wake(&mut self, key: &Key) {
        let (settings, now) = (self.settings.clone(), self.now);
        self.seed += 1;
        let client = ClientId(1_000_000 + self.seed);
        let object = self.object(key);
        if object.group.is_some() {
            return;
        }
        let attached = object.attachments.iter();
        let kept = attached.filter(|(id, _)| object.sockets.contains_key(id));
        let kept = kept.map(|(_, kept)| kept.clone()).collect();
        let mut group = Group::open(client, settings, object.shelf.load(), kept, now).unwrap();
        let effects = group.wake(now);
        object.group = Some(group);
        self.perform(key, effects);
    }

    fn turn(&mut self, key: &Key, body: impl FnOnce(&mut Group, &Shelf, Timestamp) -> Vec<Effect>) {
        self.wake(key);
        let now = self.now;
        let object = self.object(key);
        let effects = body(object.group.as_mut().unwrap(), &object.shelf, now);
        self.perform(key, effects);
    }

    /// Lets a key's group do something.
    pub fn on(&mut self, key: &str, body: impl FnOnce(&mut Group) -> Vec<Effect>) {
        let key = key.parse().unwrap();
        self.turn(&key, |group, _, _| body(group));
    }

    /// The text of a note, as its object has it.
    pub fn text(&mut self, key: &str) -> String {
        let mut text = String::new();
        let wanted = Wanted::TEXT;
        let parsed = key.parse().unwrap();
        self.turn(&parsed, |group, shelf, now| {
            let (reading, effects) = group.read(wanted, shelf, now).unwrap();
            text = reading.text;
            effects
        });
        text
    }

    /// The sockets a guest has on a key.
    pub fn sockets_of(&self, key: &str, guest: usize) -> Vec<SessionId> {
        let sockets = self.objects[key].sockets.iter();
        let theirs = sockets.filter(|(_, owner)| **owner == guest);
        theirs.map(|(id, _)| *id).collect()
    }

    /// Something changed that those meant are to see.
    pub fn refresh(&mut self, key: &str, who: &Who) {
        let key = key.parse().unwrap();
        self.turn(&key, |group, _, _| group.refresh(who));
    }

    pub fn act(&mut self, key: &str, request: &realtime::Request) -> Result<(), Refusal> {
        let key: Key = key.parse().unwrap();
        let mut outcome = Ok(());
        self.turn(&key, |group, shelf, now| {
            match group.act(request, shelf, now) {
                Ok((_, effects)) => effects,
                Err(refusal) => {
                    outcome = Err(refusal);
                    Vec::new()
                }
            }
        });
        outcome
    }

    /// Memory goes, sockets and storage stay.
    pub fn sleep(&mut self, key: &str) {
        let object = self.objects.get_mut(key).unwrap();
        object.group = None;
        object.timer = None;
    }

    /// The object dies: memory and sockets go.
    pub fn kill(&mut self, key: &str) {
        self.sleep(key);
        let object = self.objects.get_mut(key).unwrap();
        object.attachments.clear();
        for guest in std::mem::take(&mut object.sockets).into_values() {
            self.break_guest(guest);
        }
    }

    /// Cuts a socket; both ends notice.
    pub fn cut(&mut self, guest: usize) {
        let key = self.guests[guest].key.clone();
        if let Some(id) = self.guests[guest].socket {
            let object = self.object(&key);
            object.sockets.remove(&id);
            object.attachments.remove(&id);
            self.turn(&key, |group, _, now| group.leave(id, now));
        }
        self.break_guest(guest);
    }

    fn break_guest(&mut self, guest: usize) {
        let now = self.now;
        let it = &mut self.guests[guest];
        it.socket = None;
        it.to_server.clear();
        it.to_page.clear();
        it.closing = None;
        let commands = it.client.closed(1006, "", now);
        self.carry_out(guest, commands);
    }

    fn carry_out(&mut self, guest: usize, commands: Vec<Command>) {
        for command in commands {
            let it = &mut self.guests[guest];
            match command {
                Command::Connect { revision, .. } => it.wants_socket = Some(revision),
                Command::Send(bytes) => it.to_server.push_back(Up::Binary(bytes)),
                Command::Say(text) => it.to_server.push_back(Up::Text(text)),
                Command::Ping => it.to_page.push_back(Outgoing::Text("pong".into())),
                Command::Probe => {
                    let commands = it.client.socket_works(self.now);
                    self.carry_out(guest, commands);
                }
                Command::Drop => {
                    it.to_server.clear();
                    it.to_page.clear();
                    let key = it.key.clone();
                    if let Some(id) = it.socket.take() {
                        let object = self.object(&key);
                        object.sockets.remove(&id);
                        object.attachments.remove(&id);
                        self.turn(&key, |group, _, now| group.leave(id, now));
                    }
                }
                Command::Tell(Output::Event(event)) => {
                    let now = self.now;
                    it.log.event(&event, now);
                    it.events.push(event);
                    let due = it.log.due(now);
                    self.ask_maybe(guest, due);
                }
                Command::Tell(Output::Status(status)) => it.status = Some(status),
                // Guests of the hall have no device.
                Command::Keep(_)
                | Command::Forget { .. }
                | Command::ForgetOf { .. }
                | Command::Doubt { .. } => {}
                Command::Tell(_) => {}
            }
        }
    }

    /// Opens the socket a page asked for, or lets it fail.
    pub fn open_socket(&mut self, guest: usize) {
        let Some(revision) = self.guests[guest].wants_socket.take() else {
            return;
        };
        if self.down {
            return self.break_guest(guest);
        }
        let key = self.guests[guest].key.clone();
        self.wake(&key);
        self.next_id += 1;
        let id = SessionId(self.next_id);
        self.object(&key).sockets.insert(id, guest);
        self.opened_at.push(self.now);
        let it = &mut self.guests[guest];
        it.socket = Some(id);
        let mut admission = it.admission.clone();
        admission.revision = revision;
        let commands = it.client.opened(self.now);
        self.turn(&key, |group, shelf, now| {
            group.join(id, admission, shelf, now)
        });
        self.carry_out(guest, commands);
    }

    /// Delivers one frame from a page to its object.
    pub fn deliver_to_server(&mut self, guest: usize) -> bool {
        let it = &mut self.guests[guest];
        let (Some(id), Some(up)) = (it.socket, it.to_server.pop_front()) else {
            return false;
        };
        let key = it.key.clone();
        self.turn(&key, |group, shelf, now| match up {
            Up::Binary(bytes) => group.receive(id, &bytes, now),
            Up::Text(text) => group.receive_text(id, &text, shelf, now),
        });
        true
    }

    /// Delivers one frame from an object to a page.
    pub fn deliver_to_page(&mut self, guest: usize) -> bool {
        let now = self.now;
        let it = &mut self.guests[guest];
        let commands = match it.to_page.pop_front() {
            Some(Outgoing::Binary(bytes)) => it.client.receive(&bytes, now),
            Some(Outgoing::Text(text)) => {
                it.heard.push(text.to_string());
                it.client.receive_text(&text, now)
            }
            None => {
                let Some((code, reason)) = it.closing.take() else {
                    return false;
                };
                it.socket = None;
                it.to_server.clear();
                it.client.closed(code, &reason, now)
            }
        };
        self.carry_out(guest, commands);
        true
    }

    /// Moves time by steps, firing timers and alarms where they are due.
    pub fn advance(&mut self, ms: u64) {
        let until = self.now + ms;
        loop {
            let due = self.objects.iter().filter_map(|(key, object)| {
                let at = [object.timer, object.alarm].into_iter().flatten().min()?;
                (at <= until).then(|| (at, key.clone()))
            });
            let Some((at, key)) = due.min() else { break };
            self.now = self.now.max(at);
            let key: Key = key.parse().unwrap();
            let object = self.object(&key);
            if object.timer == Some(at) {
                object.timer = None;
                self.turn(&key, |group, _, now| group.tick(now));
            } else {
                object.alarm = None;
                self.turn(&key, |group, _, now| group.alarm(now));
            }
        }
        self.now = until;
        for guest in 0..self.guests.len() {
            let commands = self.guests[guest].client.tick(self.now);
            self.carry_out(guest, commands);
            let due = self.guests[guest].log.due(self.now);
            self.ask_maybe(guest, due);
        }
    }

    /// The database answers a question with what it says now.
    pub fn answer(&mut self, key: &Key, number: u64) {
        let state = self.feeds.get(&key.to_string()).cloned();
        self.turn(key, |group, _, now| group.loaded(number, state, now));
    }

    /// Delivers everything that is under way, once round; false when nothing was.
    pub fn round(&mut self) -> bool {
        let mut moved = false;
        for guest in 0..self.guests.len() {
            if self.guests[guest].wants_socket.is_some() {
                self.open_socket(guest);
                moved = true;
            }
            moved |= self.deliver_to_server(guest);
            while self.deliver_to_page(guest) {
                moved = true;
            }
        }
        for (key, number) in std::mem::take(&mut self.loads) {
            self.answer(&key, number);
            moved = true;
        }
        moved
    }

    /// Runs until nothing moves and nothing waits.
    pub fn settle(&mut self) {
        for _ in 0..1_000_000 {
            if self.round() {
                continue;
            }
            let busy = self.objects.values().any(|object| object.timer.is_some());
            if busy || self.guests.iter().any(Guest::is_waiting) {
                self.advance(100);
            } else {
                return;
            }
        }
        panic!("the hall does not come to rest");
    }
}

impl Guest {
    pub fn is_live(&self) -> bool {
        matches!(&self.status, Some(status) if status.link == Link::Live)
    }

    fn is_waiting(&self) -> bool {
        let closed =
            matches!(&self.status, Some(status) if matches!(status.link, Link::Closed { .. }));
        let retrying = matches!(&self.status, Some(status) if status.retry_at.is_some());
        let unsent = self.key.kind() == Kind::Chat
            && self
                .log
                .waiting()
                .iter()
                .any(|waiting| !matches!(waiting.state, realtime::UnsentState::Failed(_)));
        !closed && (retrying || unsent || !self.is_live())
    }

    /// The events of one type, as JSON names it.
    pub fn count(&self, kind: &str) -> usize {
        let start = format!("{{\"type\":\"{kind}\"");
        self.heard
            .iter()
            .filter(|text| text.starts_with(&start))
            .count()
    }
}
