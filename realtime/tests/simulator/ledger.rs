//! The ledger of a simulated life: what was written, what was promised about it, and
//! so what must be there in the end, and what must not.

use std::collections::{BTreeMap, BTreeSet};

use note::{ClientId, Document};
use realtime::OnDevice;

use crate::support::Network;

/// Every insertion carries a character of its own from here on, so that each can be
/// counted.
const FIRST_CHARACTER: u32 = 0x4e00;

/// Something a page did.
#[derive(Clone, Copy)]
enum Did {
    Put(char),
    Delete(char),
}

/// Characters put, and taken out.
#[derive(Default)]
struct Promised {
    put: BTreeSet<char>,
    deleted: BTreeSet<char>,
}

impl Promised {
    fn note(&mut self, did: Did) {
        match did {
            Did::Put(character) => self.put.insert(character),
            Did::Delete(character) => self.deleted.insert(character),
        };
    }
}

#[derive(Default)]
pub(crate) struct Ledger {
    written: u32,
    /// Done by a page and not called saved yet.
    open: BTreeMap<usize, Vec<Did>>,
    /// The server said that it is stored.
    saved: Promised,
    /// The device said that it has it.
    kept: Promised,
    /// Taken out by somebody, whatever became of that.
    deleted: BTreeSet<char>,
    /// How often each character was put, those that are no insertion's own as well.
    ever_put: BTreeMap<char, usize>,
    /// What one author put one after another, each right after the last.
    runs: Vec<Vec<char>>,
    run_of: BTreeMap<usize, usize>,
    /// The text on the disk, and of which state of it.
    on_disk: (u64, usize, BTreeSet<char>),
    /// How often a page said "Saved" of something.
    pub(crate) said_saved: usize,
}

/// Whether a character is some insertion's own.
pub(crate) fn is_own(character: char) -> bool {
    (FIRST_CHARACTER..FIRST_CHARACTER + 0x5000).contains(&u32::from(character))
}

impl Ledger {
    /// The next insertion's own character.
    pub(crate) fn next(&mut self) -> char {
        self.written += 1;
        char::from_u32(FIRST_CHARACTER + self.written).unwrap()
    }

    pub(crate) fn written(&self) -> u32 {
        self.written
    }

    /// What a page put last, if it goes on from there.
    pub(crate) fn last_of(&self, page: usize) -> Option<char> {
        let run = self.run_of.get(&page)?;
        self.runs[*run].last().copied()
    }

    /// A page put a text that holds a character of its own.
    pub(crate) fn put(&mut self, page: usize, own: char, text: &str, goes_on: bool) {
        self.count(text);
        self.open.entry(page).or_default().push(Did::Put(own));
        if !goes_on {
            self.run_of.insert(page, self.runs.len());
            self.runs.push(Vec::new());
        }
        self.runs[self.run_of[&page]].push(own);
    }

    pub(crate) fn count(&mut self, text: &str) {
        for character in text.chars() {
            *self.ever_put.entry(character).or_default() += 1;
        }
    }

    /// The server answered a request: what it put is stored.
    pub(crate) fn answered(&mut self, own: char) {
        self.saved.note(Did::Put(own));
    }

    pub(crate) fn delete(&mut self, page: usize, text: &str) {
        for character in text.chars().filter(|it| is_own(*it)) {
            self.deleted.insert(character);
            let open = self.open.entry(page).or_default();
            open.push(Did::Delete(character));
        }
    }

    /// Whatever pages say is stored, or on their device, counts from now on. What they
    /// say is stored is on the disk at that very moment.
    pub(crate) fn believe(&mut self, network: &Network) {
        for (page, open) in std::mem::take(&mut self.open) {
            let status = network.pages[page].status.as_ref().unwrap();
            if status.waiting == 0 {
                self.check_stored(network, &open, page);
                open.into_iter().for_each(|did| self.saved.note(did));
                self.said_saved += 1;
                continue;
            }
            if status.device == OnDevice::All {
                open.iter().for_each(|did| self.kept.note(*did));
            }
            self.open.insert(page, open);
        }
    }

    fn check_stored(&mut self, network: &Network, open: &[Did], page: usize) {
        let stored = network.durable();
        let state = (stored.version, network.disk.appends);
        if (self.on_disk.0, self.on_disk.1) != state {
            let rows = stored.rows.iter().map(Vec::as_slice);
            let text = Document::load(ClientId(9), rows).unwrap().text();
            self.on_disk = (state.0, state.1, text.chars().collect());
        }
        for did in open {
            let lies = match did {
                Did::Put(own) => !self.on_disk.2.contains(own) && !self.deleted.contains(own),
                Did::Delete(own) => self.on_disk.2.contains(own),
            };
            let (what, own) = match did {
                Did::Put(own) => ("put", own),
                Did::Delete(own) => ("deleted", own),
            };
            assert!(
                !lies,
                "page {page} {what} {own}, says saved, and that is not stored"
            );
        }
    }

    /// A tab is gone: what it had not promised may be there or not.
    pub(crate) fn died(&mut self, page: usize) {
        self.open.remove(&page);
    }

    /// Checks a text against all that was promised. `apart` is what pages handed out
    /// because it could not be merged.
    pub(crate) fn check(&self, text: &str, apart: Option<&str>) {
        let mut places: BTreeMap<char, usize> = BTreeMap::new();
        let mut counts: BTreeMap<char, usize> = BTreeMap::new();
        for (at, character) in text.chars().enumerate() {
            *counts.entry(character).or_default() += 1;
            places.insert(character, at);
        }
        for (character, count) in &counts {
            // An end of a line may have come as two characters.
            if *character != '\n' {
                let put = self.ever_put.get(character).copied().unwrap_or(0);
                assert!(*count <= put, "{character:?}: {count} there, {put} put");
            }
        }
        let there = |own: &char| counts.contains_key(own);
        for own in self.saved.put.difference(&self.deleted) {
            assert!(there(own), "{own} was saved and is lost");
        }
        for own in &self.saved.deleted {
            assert!(
                !there(own),
                "the deletion of {own} was saved, and it is back"
            );
        }
        for own in self.kept.put.difference(&self.deleted) {
            let handed_out = apart.is_some_and(|apart| apart.contains(*own));
            assert!(there(own) || handed_out, "{own} was kept and is lost");
        }
        for own in &self.kept.deleted {
            // A deletion that was kept apart is not made; its reader is told so.
            assert!(apart.is_some() || !there(own), "{own} is back");
        }
        for run in &self.runs {
            let left = run.iter().filter_map(|own| places.get(own));
            assert!(left.is_sorted(), "{run:?} is out of order in {text:?}");
        }
    }
}
