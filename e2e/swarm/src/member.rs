//! One client: does what `realtime::Client` commands, as the page's shell does.

use std::sync::Arc;
use std::time::Duration;

use anyhow::Result;
use note::edit::Edit;
use realtime::{ChatLog, Client, Command, Key, Kind, Link, Output};
use tungstenite::Message;
use uuid::Uuid;

use crate::wire::{Heard, Wire};
use crate::{Shared, lock, now};

const TICK_MS: u64 = 250;
/// A turn without a socket.
const PAUSE: Duration = Duration::from_millis(20);

pub(crate) struct Member {
    number: usize,
    origin: String,
    key: Key,
    cookie: String,
    client: Client,
    log: ChatLog,
    wire: Option<Wire>,
    said: u32,
    changed: bool,
    shared: Arc<Shared>,
}

impl Member {
    pub(crate) fn new(number: usize, origin: &str, key: &Key, shared: Arc<Shared>) -> Result<Self> {
        let [one, two] = [Uuid::new_v4(), Uuid::new_v4()];
        // Any 32 bytes are somebody's token: 43 letters that stand for them.
        let token = format!("{}{}", one.simple(), two.simple());
        let token: String = token.chars().take(42).chain(['A']).collect();
        lock(&shared.standing).key = key.to_string();
        Ok(Self {
            number,
            origin: origin.to_owned(),
            key: key.clone(),
            cookie: format!("__Host-tandem={token}; __Host-tandem-me=1.Member%20{number}"),
            client: Client::new(one.as_u64_pair().0, None, key.kind()),
            log: ChatLog::default(),
            wire: None,
            said: 0,
            changed: false,
            shared,
        })
    }

    /// Lives until it is told to end.
    pub(crate) fn run(&mut self) {
        let commands = self.client.start(now());
        self.carry_out(commands);
        let mut ticked = 0;
        while !*lock(&self.shared.end) {
            self.hear();
            let told = *lock(&self.shared.says);
            while self.said < told {
                self.say();
            }
            if std::mem::take(&mut *lock(&self.shared.online)) {
                let commands = self.client.wake(now());
                self.carry_out(commands);
            }
            if now().saturating_sub(ticked) >= TICK_MS {
                ticked = now();
                let commands = self.client.tick(ticked);
                self.carry_out(commands);
                let asks = [self.log.due(ticked), self.log.older()];
                for ask in asks.into_iter().flatten() {
                    let commands = self.client.ask(&ask);
                    self.carry_out(commands);
                }
            }
            if std::mem::take(&mut self.changed) {
                self.tell();
            }
        }
        self.tell();
    }

    fn hear(&mut self) {
        let Some(wire) = &mut self.wire else {
            return std::thread::sleep(PAUSE);
        };
        let commands = match wire.hear() {
            Heard::Nothing => return,
            Heard::Bytes(bytes) => self.client.receive(&bytes, now()),
            Heard::Text(text) => self.client.receive_text(&text, now()),
            Heard::Closed(code, reason) => {
                self.wire = None;
                if code >= 4_000 {
                    lock(&self.shared.standing).closed.push(code);
                }
                self.client.closed(code, &reason, now())
            }
        };
        self.carry_out(commands);
        self.changed = true;
    }

    /// One word of its own at the front of a note, one message in a room.
    fn say(&mut self) {
        let word = format!("{}-{}", self.number, self.said);
        self.said += 1;
        let commands = if self.key.kind() == Kind::Document {
            let edit = Edit::new(0, 0, format!("{word} "));
            self.client.edit(&[edit], now()).unwrap_or_default()
        } else {
            let ask = self.log.say(&word, &word, now());
            ask.map(|ask| self.client.ask(&ask)).unwrap_or_default()
        };
        self.carry_out(commands);
        self.changed = true;
    }

    fn carry_out(&mut self, commands: Vec<Command>) {
        for command in commands {
            match command {
                // Its network lets through what a page tries, so one way is as good as the other.
                Command::Connect { revision, .. } => self.connect(revision),
                Command::Send(bytes) => self.send(Message::Binary(bytes.into())),
                Command::Say(text) => self.send(Message::Text(text.into())),
                Command::Ping => self.send(Message::Text("ping".into())),
                Command::Drop => self.wire = None,
                // It has no device, and always a WebSocket.
                Command::Keep(_)
                | Command::Forget { .. }
                | Command::ForgetOf { .. }
                | Command::Doubt { .. }
                | Command::Probe => {}
                Command::Tell(output) => self.hear_of(&output),
            }
        }
    }

    fn connect(&mut self, revision: Option<u64>) {
        lock(&self.shared.standing).tried_at.push(now());
        let wire = Wire::open(&self.origin, &self.key, revision, &self.cookie);
        let commands = match wire {
            Ok(wire) => {
                self.wire = Some(wire);
                self.client.opened(now())
            }
            Err(_) => self.client.closed(1006, "", now()),
        };
        self.carry_out(commands);
    }

    fn send(&mut self, message: Message) {
        if let Some(wire) = &mut self.wire
            && !wire.send(message)
        {
            // What is broken is heard of in the next turn.
            self.changed = true;
        }
    }

    fn hear_of(&mut self, output: &Output) {
        match output {
            Output::Event(event) => {
                let heard = now();
                self.log.event(event, heard);
                if let Some(ask) = self.log.due(heard) {
                    let commands = self.client.ask(&ask);
                    self.carry_out(commands);
                }
            }
            Output::Status(status) => {
                let live = status.link == Link::Live;
                let mut standing = lock(&self.shared.standing);
                if let Some(at) = status.retry_at {
                    let wait = at.saturating_sub(now());
                    standing.longest_wait = standing.longest_wait.max(wait);
                }
                if live && !standing.live {
                    standing.live_at.push(now());
                }
                standing.live = live;
                if self.key.kind() == Kind::Document {
                    standing.waiting = usize::try_from(status.waiting).unwrap_or(usize::MAX);
                }
            }
            _ => {}
        }
    }

    fn tell(&mut self) {
        let mut standing = lock(&self.shared.standing);
        if self.key.kind() == Kind::Document {
            standing.text = self.client.document().text();
        } else {
            let said = self.log.messages().iter().map(|it| it.text.as_str());
            standing.text = said.collect::<Vec<_>>().join(" ");
            standing.waiting = self.log.waiting().len();
        }
    }
}
