//! The page's shell around [`Client`]: one WebSocket a key, one clock, and the
//! browser's word on when the network or the reader is back. It decides nothing. What
//! a note's page keeps on its device goes through `browser/keeper.rs`.

mod device;
mod keeper;
mod line;
mod moments;
mod start;

use std::cell::{Cell, OnceCell, RefCell};
use std::collections::VecDeque;
use std::rc::Rc;

use js_sys::{ArrayBuffer, Date, Math, Uint8Array};
use note::{Edit, EditError};
use serde_json::Value;
use wasm_bindgen::JsCast;
use wasm_bindgen::closure::Closure;
use web_sys::{BinaryType, CloseEvent, MessageEvent, WebSocket, Window};

use crate::ask::Ask;
use crate::client::{Client, Command, Output, Transport};
use crate::key::{Key, Kind};
use crate::session::Timestamp;
use keeper::Keeper;
pub use keeper::{clear_device, edits_on_device, notes_that_wait};
use line::LineSocket;
pub use start::Start;

thread_local! {
    /// The page's sockets, one a key.
    static SHELLS: RefCell<Vec<Rc<Shell>>> = const { RefCell::new(Vec::new()) };
}

/// How a part of the page takes part in a key.
pub struct ClientOptions {
    /// The view revision the page was served with.
    pub revision: Option<u64>,
    /// Told everything, in order, first what holds already. May call back into the
    /// client.
    pub on_output: Box<dyn FnMut(Output)>,
}

/// A part of the page's end of a key; clones are the same one. When the last of
/// a key is dropped, or closed, its socket is.
#[derive(Clone)]
#[must_use = "without it the key is left"]
pub struct RealtimeClient {
    part: Rc<Part>,
}

/// A part of the page that takes part in a key.
struct Part {
    shell: Rc<Shell>,
    listener: Rc<Listener>,
}

struct Listener {
    on_output: RefCell<Box<dyn FnMut(Output)>>,
    /// It was told what held before.
    greeted: Cell<bool>,
    ended: Cell<bool>,
}

struct Shell {
    window: Window,
    key: String,
    client: RefCell<Client>,
    start: Start,
    /// Of a note: what its page keeps.
    keeper: OnceCell<Rc<Keeper>>,
    listeners: RefCell<Vec<Rc<Listener>>>,
    socket: RefCell<Option<Socket>>,
    /// How many sockets were let go, or what would have become one.
    let_go: Cell<u32>,
    /// Work waits here while some is done, so that a page that calls back into the
    /// client from an output finds nothing borrowed.
    queue: RefCell<VecDeque<Work>>,
    draining: Cell<bool>,
    ended: Cell<bool>,
}

enum Work {
    /// What the client wants done.
    Do(Command),
    /// A part of the page comes in; it is told what held at that moment.
    Greet(Rc<Listener>, Vec<Output>),
}

/// A socket and the callbacks that live as long as it.
struct Socket {
    raw: WebSocket,
    _open: Closure<dyn FnMut()>,
    _message: Closure<dyn FnMut(MessageEvent)>,
    _close: Closure<dyn FnMut(CloseEvent)>,
}

/// Joins the page's one socket for a key, and opens it if this is the first part of
/// the page that wants it. It is kept open, with back-off, until the last part is
/// gone; how it stands is told by [`Output::Status`]. Nothing is told before this
/// returns. None when there is no window, or the key is none.
pub fn init_realtime_client(key: &str, options: ClientOptions) -> Option<RealtimeClient> {
    init_realtime_client_from(key, Start::Server, options)
}

/// The same for a note that does not wait for the server, where this is the first part
/// of the page that joins it.
pub fn init_realtime_client_from(
    key: &str,
    start: Start,
    options: ClientOptions,
) -> Option<RealtimeClient> {
    let window = web_sys::window()?;
    let kind = key.parse::<Key>().ok()?.kind();
    let known = SHELLS.with_borrow(|shells| shells.iter().find(|shell| shell.key == key).cloned());
    let shell = known.unwrap_or_else(|| {
        let shell = Rc::new(Shell {
            window: window.clone(),
            key: key.to_owned(),
            client: RefCell::new(Client::new(random_seed(), None, kind)),
            start,
            keeper: OnceCell::new(),
            listeners: RefCell::default(),
            socket: RefCell::new(None),
            let_go: Cell::new(0),
            queue: RefCell::default(),
            draining: Cell::new(false),
            ended: Cell::new(false),
        });
        SHELLS.with_borrow_mut(|shells| shells.push(Rc::clone(&shell)));
        if kind == Kind::Document {
            shell.client.borrow_mut().keeps();
            let page = format!("{:x}", random_seed());
            let keeper = Keeper::open(&shell, key, page, start);
            drop(shell.keeper.set(keeper));
        }
        shell
    });
    let listener = Rc::new(Listener {
        on_output: RefCell::new(options.on_output),
        greeted: Cell::new(false),
        ended: Cell::new(false),
    });
    shell.client.borrow_mut().served_with(options.revision);
    shell.listeners.borrow_mut().push(Rc::clone(&listener));
    moments::listen(&window);
    // Other parts may be about to join: with the first socket goes what all know.
    let (greeting, greeted) = (Rc::clone(&shell), Rc::clone(&listener));
    let part = Rc::new(Part { shell, listener });
    let greet = Closure::once_into_js(move || greeting.greet(&greeted));
    window
        .set_timeout_with_callback(greet.unchecked_ref())
        .ok()?;
    Some(RealtimeClient { part })
}

impl RealtimeClient {
    /// Changes the text here and, as soon as may be, everywhere.
    ///
    /// # Errors
    /// When the places are not in the text, or the note would be too large; then
    /// nothing changed.
    pub fn edit(&self, edits: &[Edit]) -> Result<(), EditError> {
        let mut outcome = Ok(());
        self.part
            .shell
            .run(|client, now| match client.edit(edits, now) {
                Ok(commands) => commands,
                Err(error) => {
                    outcome = Err(error);
                    Vec::new()
                }
            });
        outcome
    }

    /// Shows the others a state, such as where the cursor is. The server adds who
    /// it is.
    pub fn set_awareness(&self, state: &Value) {
        self.part.shell.run(|client, _| client.show(state));
    }

    /// The Yjs client id of this page.
    #[must_use]
    pub fn client_id(&self) -> u64 {
        self.part.shell.client.borrow().document().client().0
    }

    /// The text as this page has it.
    #[must_use]
    pub fn text(&self) -> String {
        self.part.shell.client.borrow().document().text()
    }

    /// The sticky position of a UTF-16 offset, as JSON of a Yjs relative position.
    #[must_use]
    pub fn relative(&self, offset: u32) -> Value {
        self.part.shell.client.borrow().document().position(offset)
    }

    /// The UTF-16 offset of a sticky position now.
    #[must_use]
    pub fn absolute(&self, position: &Value) -> Option<u32> {
        self.part.shell.client.borrow().document().offset(position)
    }

    /// Tries to connect at once, or checks a socket that seems open.
    pub fn retry_now(&self) {
        self.part.shell.run(Client::wake);
    }

    /// Asks the room for something. False when there is no live socket to ask on;
    /// then nothing was sent, and nothing will be.
    pub fn ask(&self, ask: &Ask) -> bool {
        let mut asked = false;
        self.part.shell.run(|client, _| {
            let commands = client.ask(ask);
            asked = !commands.is_empty();
            commands
        });
        asked
    }

    /// The view that the page shows is its own and no longer the server's: with the next
    /// socket comes a whole one.
    pub fn view_is_own(&self) {
        self.part.shell.client.borrow_mut().view_is_own();
    }

    /// The page could not show what came for its view: another socket brings all of it.
    pub fn view_is_lost(&self) {
        self.part.shell.run(Client::view_is_lost);
    }

    /// Somebody has no more use for what an earlier page kept and was not merged.
    pub fn discard(&self, page: &str) {
        self.part.shell.run(|client, _| client.discard(page));
    }

    /// Takes this part of the page out, as dropping its last clone does.
    pub fn close(&self) {
        self.part.leave();
    }
}

impl Part {
    fn leave(&self) {
        self.listener.ended.set(true);
        self.shell.end_if_nobody_is_left();
    }
}

impl Drop for Part {
    fn drop(&mut self) {
        self.leave();
    }
}

impl Shell {
    /// Lets the client do something, and carries out what it wants done.
    fn run(self: &Rc<Self>, body: impl FnOnce(&mut Client, Timestamp) -> Vec<Command>) {
        if self.ended.get() {
            return;
        }
        let commands = body(&mut self.client.borrow_mut(), now());
        self.enqueue(commands);
        if self.draining.replace(true) {
            return;
        }
        loop {
            let work = self.queue.borrow_mut().pop_front();
            match work {
                Some(Work::Do(command)) => self.perform(command),
                Some(Work::Greet(listener, present)) => {
                    listener.greeted.set(true);
                    for output in present {
                        listener.tell(output);
                    }
                }
                None => break,
            }
        }
        self.draining.set(false);
    }

    fn enqueue(&self, commands: Vec<Command>) {
        let work = commands.into_iter().map(Work::Do);
        self.queue.borrow_mut().extend(work);
    }

    /// Lets a part of the page in, behind what the others are still to be told.
    fn greet(self: &Rc<Self>, listener: &Rc<Listener>) {
        let present = self.client.borrow().present();
        let greeting = Work::Greet(Rc::clone(listener), present);
        self.queue.borrow_mut().push_back(greeting);
        let asks_device = self.start != Start::Server;
        self.run(|client, now| match asks_device {
            // It starts with what the device says, which is soon.
            true => Vec::new(),
            false => client.start(now),
        });
    }

    fn tell(&self, output: &Output) {
        let listeners = self.listeners.borrow().clone();
        for listener in listeners.iter().filter(|listener| listener.greeted.get()) {
            listener.tell(output.clone());
        }
    }

    fn end_if_nobody_is_left(&self) {
        let mut listeners = self.listeners.borrow_mut();
        listeners.retain(|listener| !listener.ended.get());
        if listeners.is_empty() && !self.ended.replace(true) {
            self.drop_socket();
            SHELLS.with_borrow_mut(|shells| shells.retain(|shell| !shell.ended.get()));
        }
    }

    fn perform(self: &Rc<Self>, command: Command) {
        match command {
            Command::Connect {
                transport,
                revision,
            } => self.connect(transport, revision),
            Command::Probe => self.probe(),
            Command::Send(bytes) => self.with_socket(|socket| socket.send_with_u8_array(&bytes)),
            Command::Say(text) => self.with_socket(|socket| socket.send_with_str(&text)),
            Command::Ping => self.with_socket(|socket| socket.send_with_str("ping")),
            Command::Drop => self.drop_socket(),
            Command::Tell(output) => {
                if let Some(keeper) = self.keeper.get() {
                    keeper.told(&output);
                }
                self.tell(&output);
            }
            Command::Keep(_)
            | Command::Forget { .. }
            | Command::ForgetOf { .. }
            | Command::Doubt { .. } => {
                if let Some(keeper) = self.keeper.get() {
                    // What is taken off the device is a part of the note on it from then on.
                    if matches!(command, Command::Keep(_) | Command::ForgetOf { .. }) {
                        keeper.note_changed();
                    }
                    keeper.perform(command);
                }
            }
        }
    }

    fn with_socket(&self, body: impl FnOnce(&WebSocket) -> Result<(), wasm_bindgen::JsValue>) {
        let socket = self.socket.borrow();
        // One that is closing takes nothing, and the browser would complain; its
        // close event follows.
        let open = socket
            .as_ref()
            .filter(|socket| socket.raw.ready_state() == WebSocket::OPEN);
        if let Some(socket) = open {
            drop(body(&socket.raw));
        }
    }

    fn connect(self: &Rc<Self>, transport: Transport, revision: Option<u64>) {
        self.drop_socket();
        if !self.client.borrow().is_made_here() {
            return self.connect_to_what_is_there(transport, revision);
        }
        // Where there is no such note yet, its room has no door.
        let (shell, try_of) = (Rc::downgrade(self), self.let_go.get());
        start::make_note(&self.window, &self.key, move |made| {
            // The answer to a try that was given up is nobody's: another one is under way.
            let wanted = |shell: &Rc<Self>| !shell.ended.get() && shell.let_go.get() == try_of;
            let Some(shell) = shell.upgrade().filter(wanted) else {
                return;
            };
            if made {
                shell.connect_to_what_is_there(transport, revision);
            } else {
                shell.run(|client, now| client.closed(1006, "not made", now));
            }
        });
    }

    fn connect_to_what_is_there(self: &Rc<Self>, transport: Transport, revision: Option<u64>) {
        match self.open_socket(transport, revision) {
            Some(socket) => drop(self.socket.replace(Some(socket))),
            None => self.later(|client, now| client.closed(1006, "no socket", now)),
        }
    }

    /// The address of a socket for a key.
    fn address(&self, key: &str) -> Option<String> {
        // `http` becomes `ws`, `https` becomes `wss`.
        let origin = self.window.location().origin().ok()?;
        let rest = origin.strip_prefix("http")?;
        Some(["ws", rest, key, "?events=2"].concat())
    }

    fn open_socket(self: &Rc<Self>, transport: Transport, revision: Option<u64>) -> Option<Socket> {
        let revision = revision
            .map(|revision| format!("&revision={revision}"))
            .unwrap_or_default();
        let url = self.address(&self.key)? + &revision;
        let raw = match transport {
            Transport::WebSocket => WebSocket::new(&url).ok()?,
            Transport::Requests => LineSocket::new(&url).unchecked_into(),
        };
        raw.set_binary_type(BinaryType::Arraybuffer);

        let shell = Rc::downgrade(self);
        let open = Closure::<dyn FnMut()>::new(move || {
            if let Some(shell) = shell.upgrade() {
                shell.run(Client::opened);
            }
        });
        let shell = Rc::downgrade(self);
        let message = Closure::<dyn FnMut(MessageEvent)>::new(move |event: MessageEvent| {
            let Some(shell) = shell.upgrade() else { return };
            let data = event.data();
            if let Some(text) = data.as_string() {
                shell.run(|client, now| client.receive_text(&text, now));
            } else if let Ok(buffer) = data.dyn_into::<ArrayBuffer>() {
                let bytes = Uint8Array::new(&buffer).to_vec();
                shell.run(|client, now| client.receive(&bytes, now));
            }
        });
        let shell = Rc::downgrade(self);
        let close = Closure::<dyn FnMut(CloseEvent)>::new(move |event: CloseEvent| {
            if let Some(shell) = shell.upgrade() {
                shell.run(|client, now| client.closed(event.code(), &event.reason(), now));
            }
        });
        raw.set_onopen(Some(open.as_ref().unchecked_ref()));
        raw.set_onmessage(Some(message.as_ref().unchecked_ref()));
        raw.set_onclose(Some(close.as_ref().unchecked_ref()));
        Some(Socket {
            raw,
            _open: open,
            _message: message,
            _close: close,
        })
    }

    /// Lets go of the socket without hearing from it again.
    fn drop_socket(&self) {
        self.let_go.update(|count| count.wrapping_add(1));
        if let Some(socket) = self.socket.take() {
            socket.raw.set_onopen(None);
            socket.raw.set_onmessage(None);
            socket.raw.set_onclose(None);
            // Closing a socket that never opened is no error worth a word.
            drop(socket.raw.close());
        }
    }

    /// Runs after what is being carried out now.
    fn later(self: &Rc<Self>, body: impl FnOnce(&mut Client, Timestamp) -> Vec<Command>) {
        let commands = body(&mut self.client.borrow_mut(), now());
        self.enqueue(commands);
    }
}

impl Listener {
    fn tell(&self, output: Output) {
        if !self.ended.get() {
            (self.on_output.borrow_mut())(output);
        }
    }
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "milliseconds since 1970 are whole and positive"
)]
fn now() -> Timestamp {
    Date::now() as Timestamp
}

/// A random number of 52 bits and the time: client ids want spread, not secrecy.
fn random_seed() -> u64 {
    Math::random().to_bits() ^ now()
}
