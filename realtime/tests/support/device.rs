//! A browser's storage in the simulated network: what pages keep in it is there
//! after they are gone.

use std::collections::{BTreeMap, BTreeSet};

use realtime::{Access, Command, Found, KeptEdit, KeptNote};

use super::{Network, admission};

/// The storage of one browser.
#[derive(Default)]
pub struct Device {
    rows: BTreeMap<(String, u64), KeptEdit>,
    doubtful: BTreeSet<String>,
    /// The note itself.
    pub note: Option<KeptNote>,
    /// Writes stay on their way until the test says so.
    pub slow: bool,
    /// Nothing is written.
    pub full: bool,
    on_the_way: Vec<(usize, Command)>,
}

impl Device {
    /// What a page that opens finds here.
    pub fn found(&self) -> Vec<Found> {
        let mut pages: BTreeMap<&String, Vec<KeptEdit>> = BTreeMap::new();
        for ((page, _), row) in &self.rows {
            pages.entry(page).or_default().push(row.clone());
        }
        let found = pages.into_iter().map(|(page, rows)| Found {
            page: page.clone(),
            rows,
            text: None,
            doubtful: self.doubtful.contains(page),
        });
        found.collect()
    }

    /// How many edits are kept.
    pub fn edits(&self) -> usize {
        self.rows.len()
    }

    /// Makes everything that is kept a part of another document.
    pub fn change_rows(&mut self, change: impl Fn(&mut KeptEdit)) {
        self.rows.values_mut().for_each(change);
    }

    fn forget(&mut self, page: &str, through: u64) {
        self.rows
            .retain(|(owner, number), _| owner != page || *number > through);
    }
}

impl Network {
    /// A note with a text of somebody who has left, and another's browser with it open.
    pub fn opened(reader: u128, author: u128, text: &str) -> (Self, usize, usize) {
        let mut network = Self::new();
        network.disk.stored.generation = "first".to_owned();
        network.sleep();
        let author = network.writer(author);
        network.insert(author, 0, text);
        network.settle();
        network.crash(author);
        let device = network.device();
        let page = network.open_on(device, reader);
        network.settle();
        (network, device, page)
    }

    /// The note's document, made anew with the same text.
    pub fn make_anew(&mut self, author: u128, text: &str) {
        self.kill();
        let stored = &mut self.disk.stored;
        stored.rows.clear();
        stored.version = 0;
        stored.generation = "second".to_owned();
        self.disk.versions.clear();
        self.wake();
        let author = self.join(admission(author, Access::Edit));
        self.open_socket(author);
        while self.deliver_to_server(author) | self.deliver_to_page(author) {}
        self.insert(author, 0, text);
        while self.deliver_to_server(author) | self.deliver_to_page(author) {}
        self.advance(400);
        while self.deliver_to_server(author) | self.deliver_to_page(author) {}
        self.crash(author);
    }

    /// A new browser.
    pub fn device(&mut self) -> usize {
        self.devices.push(Device::default());
        self.devices.len() - 1
    }

    /// Opens a page in a browser. What is kept there is known to it at once.
    pub fn open_on(&mut self, device: usize, person: u128) -> usize {
        self.open_as(device, person, Access::Edit)
    }

    pub fn open_as(&mut self, device: usize, person: u128, access: Access) -> usize {
        let page = self.open_late(device, person, access);
        self.find(page);
        page
    }

    /// Opens a page in a browser whose storage has not answered yet.
    pub fn open_late(&mut self, device: usize, person: u128, access: Access) -> usize {
        let (mut client, blocks) = self.served();
        client.keeps();
        let page = self.join_as(client, blocks, admission(person, access));
        self.pages[page].device = Some(device);
        self.pages[page].name = format!("page {page}");
        page
    }

    /// Opens a page that does not wait for the server, in a browser that has the note.
    pub fn open_from(&mut self, device: usize, person: u128, access: Access) -> usize {
        let page = self.open_late(device, person, access);
        let found = self.devices[device].found();
        let note = self.devices[device].note.clone().unwrap();
        let commands = self.pages[page].client.start_from(&note, &found);
        self.carry_out(page, commands);
        self.find(page);
        page
    }

    /// A page writes down the note as it has it.
    pub fn keep_note(&mut self, page: usize) {
        let device = self.pages[page].device.unwrap();
        self.devices[device].note = self.pages[page].client.kept_note();
    }

    /// A browser fetches the note ahead for somebody, without opening it.
    pub fn fetch_ahead(&mut self, device: usize, person: u128, access: Access) {
        self.wake();
        let admission = admission(person, access);
        let room = self.room.as_mut().unwrap();
        let (copy, effects) = room.copy(&admission, self.now);
        self.perform(effects);
        let end = copy.iter().position(|byte| *byte == b'\n').unwrap();
        let hello = std::str::from_utf8(&copy[..end]).unwrap();
        let said: serde_json::Value = serde_json::from_str(hello).unwrap();
        self.devices[device].note = Some(KeptNote {
            person: admission.person.id,
            hello: hello.to_owned(),
            title: said["title"].as_str().unwrap().to_owned(),
            document: copy[end + 1..].to_vec(),
        });
    }

    /// A browser's storage answers a page.
    pub fn find(&mut self, page: usize) {
        let found = self.devices[self.pages[page].device.unwrap()].found();
        let commands = self.pages[page].client.found(found, self.now);
        self.carry_out(page, commands);
    }

    /// A tab is gone, with whatever was on its way to the browser's storage.
    pub fn crash(&mut self, page: usize) {
        self.cut(page);
        self.pages[page].dead = true;
        self.pages[page].wants_socket = None;
        if let Some(device) = self.pages[page].device {
            let on_the_way = &mut self.devices[device].on_the_way;
            on_the_way.retain(|(owner, _)| *owner != page);
        }
    }

    /// Somebody has no more use for what a page kept.
    pub fn discard(&mut self, page: usize, of: &str) {
        let commands = self.pages[page].client.discard(of);
        self.carry_out(page, commands);
    }

    /// The server closes a page's socket for the size of a frame.
    pub fn refuse_too_large(&mut self, page: usize) {
        let id = self.pages[page].socket.unwrap();
        self.close(id, realtime::Refusal::TooLarge);
    }

    /// What was on its way to a browser's storage arrives.
    pub fn write_down(&mut self, device: usize) {
        for (page, command) in std::mem::take(&mut self.devices[device].on_the_way) {
            self.write(device, page, command);
        }
    }

    pub(super) fn keep_on_device(&mut self, page: usize, command: Command) {
        let device = self.pages[page].device.unwrap();
        self.devices[device].on_the_way.push((page, command));
    }

    /// What a page said was said; now the device does its part, unless it is slow.
    pub(super) fn write_soon(&mut self, page: usize) {
        if let Some(device) = self.pages[page].device
            && !self.devices[device].slow
        {
            self.write_down(device);
        }
    }

    fn write(&mut self, device: usize, page: usize, command: Command) {
        let name = self.pages[page].name.clone();
        let it = &mut self.devices[device];
        match command {
            Command::Keep(_) if it.full => {
                let commands = self.pages[page].client.not_kept(self.now);
                self.carry_out(page, commands);
            }
            Command::Keep(row) => {
                let number = row.number;
                let before = it.rows.insert((name, number), row);
                assert_eq!(before, None, "a kept edit is never written over");
                let commands = self.pages[page].client.kept(number);
                self.carry_out(page, commands);
            }
            Command::Forget { through } => it.forget(&name, through),
            Command::ForgetOf { page, through } => it.forget(&page, through),
            Command::Doubt { pages } => it.doubtful.extend(pages),
            other => panic!("not of a device: {other:?}"),
        }
    }
}
