//! Writes a page's own edits down until they are stored: a few milliseconds after
//! they were made, one transaction at a time, and at once when the page is put away.
//! What is stored before that never gets here.

use std::cell::{Cell, OnceCell, RefCell};
use std::collections::VecDeque;
use std::mem::discriminant;
use std::rc::{Rc, Weak};

use js_sys::Array;
use wasm_bindgen::JsCast;
use wasm_bindgen::closure::Closure;
use web_sys::IdbDatabase;

use super::device::{self, Write};
use super::start::is_kept_for_later;
use super::{Shell, Start, now};
use crate::client::{Client, Command, KeptNote, Link, Output};
use crate::event::Event;

/// An edit is written down so long after it was made, with those made meanwhile.
const WRITE_AFTER_MS: i32 = 10;
/// The whole text, for who cannot have their edits merged, is written only when edits
/// wait so long: it may be a megabyte.
const TEXT_AFTER_MS: i32 = 1_000;

/// The note itself is written so long after it changed: a document may be megabytes.
const NOTE_AFTER_MS: i32 = 2_000;

/// What is done when a transaction is over.
type Over = Closure<dyn FnMut()>;

/// The writer of one note's page.
pub(super) struct Keeper {
    note: String,
    /// Names this page among those that keep something.
    page: String,
    shell: Weak<Shell>,
    database: OnceCell<IdbDatabase>,
    waiting: RefCell<Vec<Write>>,
    /// A batch for each transaction; they end in the order they were started in.
    under_way: RefCell<VecDeque<Vec<Write>>>,
    over: OnceCell<(Over, Over)>,
    write_is_due: Cell<bool>,
    text_is_due: Cell<bool>,
    /// The device does not have the note as it is,
    note_is_new: Cell<bool>,
    /// and it is about to be given it.
    note_is_due: Cell<bool>,
    start: Start,
    /// Own edits up to here were given to the database,
    given: Cell<u64>,
    /// and up to here taken back.
    taken_back: Cell<u64>,
}

thread_local! {
    static OUTLASTS: Cell<bool> = const { Cell::new(false) };
}

/// Asks the browser not to clear what is kept when it is short of room. It may say no, and
/// some ask their user, so once a page.
fn outlast() {
    if let (Some(window), false) = (web_sys::window(), OUTLASTS.replace(true)) {
        drop(window.navigator().storage().persist());
    }
}

impl Keeper {
    /// Opens the device for a note, and tells the client what is there.
    pub(super) fn open(shell: &Rc<Shell>, note: &str, page: String, start: Start) -> Rc<Self> {
        let keeper = Rc::new(Self {
            note: note.to_owned(),
            page,
            shell: Rc::downgrade(shell),
            database: OnceCell::new(),
            waiting: RefCell::default(),
            under_way: RefCell::default(),
            over: OnceCell::new(),
            write_is_due: Cell::new(false),
            text_is_due: Cell::new(false),
            note_is_new: Cell::new(false),
            note_is_due: Cell::new(false),
            start,
            given: Cell::new(0),
            taken_back: Cell::new(0),
        });
        let (written, failed) = (Rc::downgrade(&keeper), Rc::downgrade(&keeper));
        let over = (
            Closure::new(move || with(&written, Self::written)),
            Closure::new(move || with(&failed, Self::failed)),
        );
        drop(keeper.over.set(over));
        let opening = Rc::downgrade(&keeper);
        device::open(move |database| {
            with(&opening, |keeper| keeper.opened(database));
        });
        keeper
    }

    /// Does what the client wants of the device.
    pub(super) fn perform(self: &Rc<Self>, command: Command) {
        let mut waiting = self.waiting.borrow_mut();
        match command {
            Command::Keep(row) => waiting.push(Write::Edit(row)),
            Command::Forget { through } => {
                let all = self.given.get() <= through;
                waiting.retain(|write| match write {
                    Write::Edit(row) => row.number > through,
                    Write::Text(_) => !all,
                    _ => true,
                });
                if self.given.get() > self.taken_back.get() {
                    let page = self.page.clone();
                    waiting.push(Write::Forget { page, through, all });
                }
            }
            Command::ForgetOf { page, through } => waiting.push(Write::Forget {
                page,
                through,
                all: true,
            }),
            Command::Doubt { pages } => waiting.extend(pages.into_iter().map(Write::Doubt)),
            _ => return,
        }
        drop(waiting);
        if !self.write_is_due.replace(true) {
            self.later(WRITE_AFTER_MS, |keeper| {
                keeper.write_is_due.set(false);
                keeper.write();
            });
        }
    }

    /// What the page is told may say that the device is behind, or that it alone has something.
    pub(super) fn told(self: &Rc<Self>, output: &Output) {
        match output {
            Output::Ready { .. }
            | Output::Edits(_)
            | Output::Event(Event::Hello { .. } | Event::Title { .. } | Event::Access { .. }) => {
                self.note_changed();
            }
            // Not of those that were there before: home opens them, and nobody has written.
            Output::Status(status) if status.link == Link::Offline && self.given.get() > 0 => {
                outlast();
            }
            _ => {}
        }
    }

    /// What is known of the note is no longer what the device has.
    pub(super) fn note_changed(self: &Rc<Self>) {
        self.note_is_new.set(true);
        if !self.note_is_due.replace(true) {
            self.later(NOTE_AFTER_MS, |keeper| {
                keeper.note_is_due.set(false);
                keeper.add_note();
                keeper.write();
            });
        }
    }

    fn add_note(&self) {
        let window = web_sys::window();
        let kept = self.start != Start::Server || window.is_some_and(|it| is_kept_for_later(&it));
        if kept
            && self.note_is_new.get()
            && let Some(shell) = self.shell.upgrade()
            && let Some(kept) = shell.client.borrow().kept_note()
        {
            self.note_is_new.set(false);
            self.add_copy(Write::Note(kept, now() as f64));
        }
    }

    /// Of each kind only the newest waits.
    fn add_copy(&self, copy: Write) {
        let mut waiting = self.waiting.borrow_mut();
        waiting.retain(|older| discriminant(older) != discriminant(&copy));
        waiting.push(copy);
    }

    /// The page is put away, and may not come back: what is here is written now.
    pub(super) fn put_away(&self) {
        let edits = |write: &Write| matches!(write, Write::Edit(_));
        let some = self.waiting.borrow().iter().any(edits);
        if some || self.given.get() > self.taken_back.get() {
            self.add_text();
        }
        self.add_note();
        self.write_now();
    }

    fn opened(self: &Rc<Self>, database: Option<IdbDatabase>) {
        let Some(database) = database else {
            self.tell(|client| client.not_kept(now()));
            return self.read();
        };
        let reading = Rc::downgrade(self);
        device::read(&database, &self.note, move |found| {
            with(&reading, |keeper| {
                keeper.take_in(found);
                keeper.read();
            });
        });
        // Somebody may clear it under the page, and then nothing is kept any more.
        let closing = Rc::downgrade(self);
        database.set_onclose(Some(&device::once(move || {
            with(&closing, |keeper| {
                keeper.tell(|client| client.not_kept(now()));
            });
        })));
        drop(self.database.set(database));
        self.write();
    }

    fn take_in(&self, read: Option<device::Read>) {
        match read {
            Some((found, kept)) => self.tell(|client| {
                let mut commands = match self.starts_from(kept) {
                    Some(kept) => client.start_from(&kept, &found),
                    None => Vec::new(),
                };
                commands.extend(client.found(found, now()));
                commands
            }),
            None => self.tell(|client| client.not_kept(now())),
        }
    }

    /// The device said what it has: now it is known whether the server has the note.
    fn read(&self) {
        if self.start != Start::Server
            && let Some(shell) = self.shell.upgrade()
        {
            shell.run(Client::start);
        }
    }

    /// What the page starts from, if it does not wait for the server.
    fn starts_from(&self, kept: Option<KeptNote>) -> Option<KeptNote> {
        match self.start {
            Start::Server => None,
            Start::Device => kept,
            Start::MadeHere(person) => Some(kept.unwrap_or(KeptNote::made_here(person))),
        }
    }

    /// Writes what waits, unless a transaction is under way: its end comes here again.
    fn write(&self) {
        if self.under_way.borrow().is_empty() {
            self.write_now();
        }
    }

    fn write_now(&self) {
        let (Some(database), Some((written, failed))) = (self.database.get(), self.over.get())
        else {
            return;
        };
        if self.waiting.borrow().is_empty() {
            return;
        }
        let batch = self.waiting.take();
        for write in &batch {
            match write {
                Write::Edit(row) => self.given.set(self.given.get().max(row.number)),
                Write::Forget { page, through, .. } if *page == self.page => {
                    self.taken_back.set(self.taken_back.get().max(*through));
                }
                _ => {}
            }
        }
        // Copies are large: what is nowhere else is not to fail with them where room is short.
        let (copies, rest): (Vec<_>, Vec<_>) = batch.into_iter().partition(is_copy);
        let over = (
            written.as_ref().unchecked_ref(),
            failed.as_ref().unchecked_ref(),
        );
        for batch in [rest, copies] {
            if batch.is_empty() {
                continue;
            }
            let started = device::write(database, (&self.note, &self.page), &batch, over);
            match started {
                Ok(()) => self.under_way.borrow_mut().push_back(batch),
                Err(_) => self.not_written(batch),
            }
        }
    }

    fn written(self: &Rc<Self>) {
        let batch = self.under_way.borrow_mut().pop_front().unwrap_or_default();
        let edits = batch.iter().filter_map(|write| match write {
            Write::Edit(row) => Some(row.number),
            _ => None,
        });
        if let Some(newest) = edits.max() {
            self.tell(|client| client.kept(newest));
            if !self.text_is_due.replace(true) {
                self.later(TEXT_AFTER_MS, |keeper| {
                    keeper.text_is_due.set(false);
                    if keeper.given.get() > keeper.taken_back.get() {
                        keeper.add_text();
                        keeper.write();
                    }
                });
            }
        }
        self.write();
    }

    fn failed(self: &Rc<Self>) {
        let batch = self.under_way.borrow_mut().pop_front().unwrap_or_default();
        let was_copy = batch.iter().any(is_copy);
        self.not_written(batch);
        if was_copy {
            // Edits may have waited for its end.
            self.write();
        }
    }

    /// Nothing of a batch was written. It is tried again with the next edit, but a copy is made
    /// anew when it is next due.
    fn not_written(&self, mut batch: Vec<Write>) {
        if batch.iter().any(is_copy) {
            return self.note_is_new.set(true);
        }
        let mut waiting = self.waiting.borrow_mut();
        batch.append(&mut waiting);
        *waiting = batch;
        drop(waiting);
        self.tell(|client| client.not_kept(now()));
    }

    fn add_text(&self) {
        if let Some(shell) = self.shell.upgrade() {
            let text = shell.client.borrow().document().text();
            self.add_copy(Write::Text(text));
        }
    }

    fn tell(&self, body: impl FnOnce(&mut Client) -> Vec<Command>) {
        if let Some(shell) = self.shell.upgrade() {
            shell.run(|client, _| body(client));
        }
    }

    fn later(self: &Rc<Self>, after_ms: i32, body: fn(&Rc<Self>)) {
        let keeper = Rc::downgrade(self);
        let body = Closure::once_into_js(move || with(&keeper, body));
        let window = web_sys::window();
        let set = window.map(|window| {
            window.set_timeout_with_callback_and_timeout_and_arguments_0(
                body.unchecked_ref(),
                after_ms,
            )
        });
        if !matches!(set, Some(Ok(_))) {
            self.tell(|client| client.not_kept(now()));
        }
    }
}

/// Whether a write is of what is elsewhere, too.
fn is_copy(write: &Write) -> bool {
    matches!(write, Write::Text(_) | Write::Note(..))
}

fn with(keeper: &Weak<Keeper>, body: impl FnOnce(&Rc<Keeper>)) {
    if let Some(keeper) = keeper.upgrade() {
        body(&keeper);
    }
}

/// Tells of which notes this device keeps edits that are not stored, as their keys.
pub fn notes_that_wait(told: impl FnOnce(Vec<String>) + 'static) {
    edits(Box::new(|keys| {
        let notes = keys.iter().map(|key| Array::from(&key).get(0).as_string());
        let mut notes: Vec<String> = notes.flatten().collect();
        // They come in order.
        notes.dedup();
        told(notes);
    }));
}

/// Tells how many edits this device keeps that are not stored, of whatever note.
pub fn edits_on_device(told: impl FnOnce(u32) + 'static) {
    edits(Box::new(|keys| told(keys.length())));
}

fn edits(told: Box<dyn FnOnce(Array)>) {
    let told = |keys: Option<Array>| told(keys.unwrap_or_default());
    device::open(move |database| match database {
        Some(database) => device::edits(&database, Box::new(told)),
        None => told(None),
    });
}

/// Forgets everything that was kept on this device: whoever uses it next is somebody
/// else. Tells when that is done.
pub fn clear_device(done: impl FnOnce() + 'static) {
    device::open(move |database| match database {
        Some(database) => device::clear(&database, done),
        None => done(),
    });
}
