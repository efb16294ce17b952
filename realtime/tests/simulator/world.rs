//! A simulated life: a room, its clients and everything that goes wrong between them,
//! out of one seed.

use std::collections::{BTreeMap, BTreeSet};

use fastrand::Rng;
use note::Edit;
use realtime::{Access, Action, Event, Link, Request};
use yrs::updates::decoder::Decode;
use yrs::{GetString, ReadTxn, Transact};

use crate::ledger::{Ledger, is_own};
use crate::support::chaos::Ghost;
use crate::support::{Network, admission};

/// Rows before the log is folded, less those there are in the beginning.
const ROWS_ALREADY: usize = 985;
/// Ghosts at a time.
const MOST_GHOSTS: usize = 20;
/// Who asks without a socket.
const PROGRAM: u128 = 10_000;

/// What an insertion may carry besides its own character.
const BESIDES: [&str; 10] = [
    " ", "\n", "\n\n", "# ", "- [ ] ", "**", "🙂", "é", "\r\n", "`x` ",
];

pub(crate) struct World {
    pub(crate) network: Network,
    pub(crate) ledger: Ledger,
    random: Rng,
    people: usize,
    /// What each person may do; none is nothing at all.
    rights: Vec<Option<Access>>,
    /// What each page was told that it may.
    told: BTreeMap<usize, Access>,
    ghosts: Vec<Ghost>,
    /// Pages of which nothing comes through.
    cut_off: BTreeSet<usize>,
    index_written: bool,
    /// Who is busiest now: half of what happens, happens there, so that things come
    /// close upon one another.
    busiest: usize,
}

impl World {
    pub(crate) fn new(seed: u64) -> Self {
        let mut random = Rng::with_seed(seed);
        let people = match seed % 20 {
            0 => 100,
            1..4 => 20,
            _ => random.usize(2..9),
        };
        let mut network = Network::new();
        network.disk.stored.generation = "first".to_owned();
        network.disk.stored.log_rows = ROWS_ALREADY;
        network.sleep();
        // Lives that were kept as tests are as they were.
        network.rest.greets = seed % 5 == 4;
        let mut world = Self {
            network,
            ledger: Ledger::default(),
            random,
            people,
            rights: vec![Some(Access::Edit); people],
            told: BTreeMap::new(),
            ghosts: Vec::new(),
            cut_off: BTreeSet::new(),
            index_written: true,
            busiest: 0,
        };
        for person in 0..people {
            world.network.device();
            world.open(person);
        }
        world.network.settle();
        world
    }

    /// Somebody opens a tab; one in four has a browser that keeps nothing.
    fn open(&mut self, person: usize) {
        let access = self.rights[person].unwrap_or(Access::View);
        if person % 4 == 3 {
            self.network.join(admission(person as u128, access));
        } else {
            let device = person;
            self.network.open_as(device, person as u128, access);
        }
    }

    fn some_page(&mut self) -> Option<usize> {
        let living = self.network.living();
        if self.random.u8(0..2) == 0 && living.contains(&self.busiest) {
            return Some(self.busiest);
        }
        let page = self.random.choice(living)?;
        if self.random.u8(0..8) == 0 {
            self.busiest = page;
        }
        Some(page)
    }

    fn person_of(&self, page: usize) -> usize {
        let id = self.network.pages[page].admission.person.id;
        usize::try_from(id.as_u128()).unwrap()
    }

    /// Whether a page's editor takes what is typed.
    fn may_type(&mut self, page: usize) -> bool {
        for event in self.network.pages[page].events.drain(..) {
            if let Event::Access { access } | Event::Hello { access, .. } = event {
                self.told.insert(page, access);
            }
        }
        let it = &self.network.pages[page];
        it.editor.is_some()
            && !self.is_closed(page)
            && self.told.get(&page).is_some_and(|told| told.can_write())
    }

    fn is_closed(&self, page: usize) -> bool {
        let status = self.network.pages[page].status.as_ref();
        status.is_some_and(|status| matches!(status.link, Link::Closed { .. }))
    }

    /// One thing happens, and a few frames arrive.
    pub(crate) fn step(&mut self) {
        match self.random.usize(0..100) {
            0..22 => self.type_something(),
            22..30 => self.in_a_burst(),
            30..42 => self.delete_something(),
            42..60 => self.deliver_to_some(6),
            60..68 => self.time_passes(),
            68..76 => self.a_line_breaks(),
            76..80 => self.a_tab_comes_or_goes(),
            80..88 => self.the_object_stops(),
            88..92 => self.storage_is_troubled(),
            92 => self.partition(),
            93..95 => self.a_right_changes(),
            95..97 => self.alarm(),
            97..99 => self.a_program_writes(),
            _ => {
                let device = self.random.usize(0..self.people);
                self.network.devices[device].slow ^= true;
                self.network.write_down(device);
            }
        }
        for _ in 0..1 + self.people / 20 {
            self.deliver_to_some(3);
        }
        if self.random.u8(0..2) == 0 {
            self.network.disk.fail = false;
        }
        if self.random.u8(0..4) == 0 {
            self.network.catch_up();
        }
        self.ledger.believe(&self.network);
    }

    fn type_something(&mut self) {
        let Some(page) = self.some_page().filter(|page| self.may_type(*page)) else {
            return;
        };
        let text = self.network.pages[page].editor.clone().unwrap();
        let own = self.ledger.next();
        let last = self.ledger.last_of(page);
        let after_last = last.and_then(|last| text.find(last).map(|at| at + last.len_utf8()));
        let goes_on = after_last.filter(|_| self.random.u8(0..4) > 0);
        let at = goes_on.unwrap_or_else(|| self.some_place(&text));
        let mut insert = own.to_string();
        if self.random.u8(0..4) == 0 {
            insert.push_str(BESIDES[self.random.usize(0..BESIDES.len())]);
        }
        let at = text[..at].encode_utf16().count() as u32;
        self.network.insert(page, at, &insert);
        self.ledger.put(page, own, &insert, goes_on.is_some());
    }

    /// Two people write at once, faster than anything is sent or stored; in every third
    /// burst the memory is lost, or somebody goes, before the windows are over.
    fn in_a_burst(&mut self) {
        let pages = [self.some_page(), self.some_page()];
        for page in pages.into_iter().flatten() {
            self.busiest = page;
            for _ in 0..self.random.usize(1..4) {
                if self.random.bool() {
                    self.delete_something();
                } else {
                    self.type_something();
                }
                self.network.deliver_to_server(page);
            }
        }
        self.network.advance([0, 20][self.random.usize(0..2)]);
        if self.random.u8(0..3) == 0 {
            for _ in 0..self.random.usize(0..8) {
                self.network.deliver_to_page(self.busiest);
            }
            match self.random.u8(0..3) {
                0 => self.a_line_breaks(),
                1 => self.network.fire_alarm(),
                _ => {}
            }
            self.network.sleep();
            if self.random.bool() && self.network.living().contains(&self.busiest) {
                self.close(self.busiest);
            }
        }
    }

    fn some_place(&mut self, text: &str) -> usize {
        let places = text.char_indices().map(|(at, _)| at).chain([text.len()]);
        let places: Vec<usize> = places.collect();
        places[self.random.usize(0..places.len())]
    }

    fn delete_something(&mut self) {
        let Some(page) = self.some_page().filter(|page| self.may_type(*page)) else {
            return;
        };
        let text = self.network.pages[page].editor.clone().unwrap();
        let from = self.some_place(&text);
        let width = self.random.usize(1..4);
        let gone: String = text[from..].chars().take(width).collect();
        if gone.is_empty() {
            return;
        }
        let at = text[..from].encode_utf16().count() as u32;
        let to = at + gone.encode_utf16().count() as u32;
        self.network
            .type_at(page, &[Edit::new(at, to, "")])
            .unwrap();
        self.ledger.delete(page, &gone);
    }

    fn deliver_to_some(&mut self, most: usize) {
        if let Some(page) = self.some_page()
            && !self.cut_off.contains(&page)
        {
            self.knock(page);
            for _ in 0..self.random.usize(0..=most) {
                self.network.deliver_to_server(page);
            }
            for _ in 0..self.random.usize(0..=3 * most) {
                self.network.deliver_to_page(page);
            }
        }
    }

    /// A page that wants in comes to the door.
    fn knock(&mut self, page: usize) {
        if self.rights[self.person_of(page)].is_some() {
            self.network.open_socket(page);
        } else {
            self.network.turn_away(page);
        }
    }

    fn time_passes(&mut self) {
        let ms = match self.random.u8(0..16) {
            0 => self.random.u64(3_000..17_000),
            1..5 => realtime::ROW_WINDOW_MS + 100,
            _ => self.random.u64(0..40),
        };
        self.network.advance(ms);
    }

    fn a_line_breaks(&mut self) {
        let Some(page) = self.some_page() else { return };
        match self.random.u8(0..4) {
            0 => self.network.cut(page),
            1 if self.ghosts.len() < MOST_GHOSTS => {
                let ghost = self.network.give_up(page);
                self.ghosts.extend(ghost);
            }
            _ if !self.ghosts.is_empty() => {
                let at = self.random.usize(0..self.ghosts.len());
                for _ in 0..self.random.usize(0..4) {
                    self.network.haunt(&mut self.ghosts[at]);
                }
                if self.random.bool() {
                    self.network.lay(&self.ghosts.swap_remove(at));
                }
            }
            _ => {}
        }
    }

    fn a_tab_comes_or_goes(&mut self) {
        let living = self.network.living();
        if living.len() > self.people / 2 && self.random.bool() {
            let page = living[self.random.usize(0..living.len())];
            self.close(page);
        } else if living.len() < self.people + 3 {
            let person = self.random.usize(0..self.people);
            self.open(person);
        }
    }

    fn close(&mut self, page: usize) {
        self.network.crash(page);
        self.ledger.died(page);
        self.cut_off.remove(&page);
    }

    fn the_object_stops(&mut self) {
        match self.random.u8(0..4) {
            0 if self.network.rest.greets => {
                self.network.kill();
                // Somebody new is there before all others are back.
                let person = self.random.usize(0..self.people);
                self.open(person);
                self.busiest = self.network.pages.len() - 1;
                self.knock(self.busiest);
            }
            0 => self.network.kill(),
            1 => self.network.fuse = Some(self.random.usize(0..12)),
            _ => self.network.sleep(),
        }
    }

    fn storage_is_troubled(&mut self) {
        if self.random.u8(0..3) == 0 {
            self.network.disk.fail = true;
        } else {
            self.network.slow_down();
        }
    }

    /// A part of the world is cut off, or all of it is one again.
    fn partition(&mut self) {
        if self.cut_off.is_empty() {
            let living = self.network.living();
            let cut_off = living.into_iter().filter(|_| self.random.bool());
            self.cut_off = cut_off.collect();
        } else {
            self.cut_off.clear();
        }
    }

    fn a_right_changes(&mut self) {
        let person = self.random.usize(0..self.people);
        let right = match self.random.u8(0..6) {
            0 => None,
            1 | 2 => Some(Access::View),
            _ => Some(Access::Edit),
        };
        self.set_right(person, right);
    }

    fn set_right(&mut self, person: usize, right: Option<Access>) {
        self.rights[person] = right;
        let whose = admission(person as u128, Access::Edit);
        self.network.change_right(&whose, right);
    }

    /// The alarm, also twice and when none was asked for; the host takes what it is
    /// told, or does not.
    fn alarm(&mut self) {
        for _ in 0..self.random.usize(1..3) {
            self.network.fire_alarm();
            self.index_written = self.random.bool();
            self.take_index();
        }
    }

    fn take_index(&mut self) {
        for entry in std::mem::take(&mut self.network.index) {
            self.network.wake();
            let room = self.network.room.as_mut().unwrap();
            let effects = room.indexed(&entry, self.index_written, self.network.now);
            self.network.perform(effects);
        }
    }

    fn a_program_writes(&mut self) {
        let own = self.ledger.next();
        let request = Request {
            by: admission(PROGRAM, Access::Edit),
            action: Action::Append {
                text: own.to_string(),
            },
        };
        self.network.fuse = None;
        self.network.wake();
        let safe = self.network.gate.is_none() && !self.network.disk.fail;
        let room = self.network.room.as_mut().unwrap();
        let (_, effects) = room
            .act(&request, &self.network.disk, self.network.now)
            .unwrap();
        self.ledger.count(&format!("{own}\n\n"));
        self.network.perform(effects);
        if safe {
            self.ledger.answered(own);
        }
    }

    /// Everything is mended: who is here gets through, who was shut out comes again, and
    /// each browser that has kept something has the note open.
    pub(crate) fn heal(&mut self) {
        self.network.fuse = None;
        self.network.disk.fail = false;
        self.network.catch_up();
        self.cut_off.clear();
        for ghost in std::mem::take(&mut self.ghosts) {
            self.network.lay(&ghost);
        }
        for person in 0..self.people {
            self.set_right(person, Some(Access::Edit));
        }
        for device in 0..self.network.devices.len() {
            self.network.devices[device].slow = false;
            self.network.write_down(device);
        }
        self.network.settle();
        self.ledger.believe(&self.network);
        for page in self.network.living() {
            if self.is_closed(page) {
                self.close(page);
            }
        }
        // Who has something on the device, and one who has nothing.
        for person in 0..self.people {
            if person == 0 || self.network.devices[person].edits() > 0 {
                self.open(person);
            }
        }
        self.network.settle();
        self.ledger.believe(&self.network);
        self.index_written = true;
        for _ in 0..4 {
            self.network.advance(120_000);
            self.network.fire_alarm();
            self.take_index_and_remember();
        }
        self.network.settle();
    }

    fn take_index_and_remember(&mut self) {
        let newest = self.network.index.last().cloned();
        self.take_index();
        self.network.index.extend(newest);
        if self.network.index.len() > 1 {
            self.network.index.remove(0);
        }
    }

    /// Nobody differs, nothing promised is lost, nothing is there that nobody wrote.
    pub(crate) fn check(&self) {
        self.network.assert_converged();
        let text = self.network.text();
        assert_eq!(self.read_by_another(), text, "an independent reader");
        let living = self.network.living();
        let apart: Vec<_> = living
            .into_iter()
            .flat_map(|page| &self.network.pages[page].apart)
            .collect();
        let texts: String = apart.iter().map(|apart| apart.text.as_str()).collect();
        let some = !apart.is_empty();
        self.ledger.check(&text, some.then_some(texts.as_str()));
        if !some {
            let devices = &self.network.devices;
            let kept: usize = devices.iter().map(|device| device.edits()).sum();
            assert_eq!(kept, 0, "what is stored is forgotten");
        }
        let stored = &self.network.disk.stored;
        assert_eq!(stored.indexed, stored.version, "the index caught up");
        assert!(text.chars().filter(|it| is_own(*it)).count() <= self.ledger.written() as usize);
    }

    /// The stored rows as `yrs` reads them by itself, without anything of ours.
    #[expect(
        clippy::disallowed_methods,
        reason = "nothing is counted in places here"
    )]
    fn read_by_another(&self) -> String {
        let document = yrs::Doc::new();
        let text = document.get_or_insert_text("content");
        for row in &self.network.disk.stored.rows {
            let update = yrs::Update::decode_v1(row).unwrap();
            document.transact_mut().apply_update(update).unwrap();
        }
        let transaction = document.transact();
        assert!(!transaction.has_missing_updates(), "nothing is pending");
        text.get_string(&transaction)
    }
}
