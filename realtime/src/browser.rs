//! The page's shell around [`Client`]: one WebSocket, one clock, and the browser's
//! word on when the network or the reader is back. It decides nothing.

use std::cell::{Cell, RefCell};
use std::collections::VecDeque;
use std::rc::Rc;

use js_sys::{ArrayBuffer, Date, Math, Uint8Array};
use note::{Edit, EditError};
use serde_json::Value;
use wasm_bindgen::JsCast;
use wasm_bindgen::closure::Closure;
use web_sys::{BinaryType, CloseEvent, Event, MessageEvent, WebSocket, Window};

use crate::client::{Client, Command, Output};
use crate::session::Timestamp;

/// How often the client is told the time.
const TICK_MS: i32 = 1_000;

/// How a page takes part in a key.
pub struct ClientOptions {
    /// The view revision the page was served with.
    pub revision: Option<u64>,
    /// Told everything, in order. May call back into the client.
    pub on_output: Box<dyn FnMut(Output)>,
}

/// The page's end of a key; clones are the same one.
#[derive(Clone)]
pub struct RealtimeClient {
    shell: Rc<Shell>,
}

struct Shell {
    window: Window,
    key: String,
    client: RefCell<Client>,
    on_output: RefCell<Box<dyn FnMut(Output)>>,
    socket: RefCell<Option<Socket>>,
    /// Commands wait here while one is carried out, so that a page that calls
    /// back into the client from an output finds nothing borrowed.
    queue: RefCell<VecDeque<Command>>,
    draining: Cell<bool>,
    ended: Cell<bool>,
}

/// A socket and the callbacks that live as long as it.
struct Socket {
    raw: WebSocket,
    _open: Closure<dyn FnMut()>,
    _message: Closure<dyn FnMut(MessageEvent)>,
    _close: Closure<dyn FnMut(CloseEvent)>,
}

/// Opens the page's one socket for a key and keeps it open, with back-off, as long
/// as the page lives. Never fails; how it stands is told by [`Output::Status`].
pub fn init_realtime_client(key: &str, options: ClientOptions) -> Option<RealtimeClient> {
    let window = web_sys::window()?;
    let client = Client::new(random_seed(), options.revision);
    let shell = Rc::new(Shell {
        window,
        key: key.to_owned(),
        client: RefCell::new(client),
        on_output: RefCell::new(options.on_output),
        socket: RefCell::new(None),
        queue: RefCell::default(),
        draining: Cell::new(false),
        ended: Cell::new(false),
    });
    shell.listen();
    shell.run(|client, now| client.start(now));
    Some(RealtimeClient { shell })
}

impl RealtimeClient {
    /// Changes the text here and, as soon as may be, everywhere.
    ///
    /// # Errors
    /// When the places are not in the text, or the note would be too large; then
    /// nothing changed.
    pub fn edit(&self, edits: &[Edit]) -> Result<(), EditError> {
        let mut outcome = Ok(());
        self.shell.run(|client, now| match client.edit(edits, now) {
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
        self.shell.run(|client, _| client.show(state));
    }

    /// The Yjs client id of this page.
    #[must_use]
    pub fn client_id(&self) -> u64 {
        self.shell.client.borrow().document().client().0
    }

    /// The text as this page has it.
    #[must_use]
    pub fn text(&self) -> String {
        self.shell.client.borrow().document().text()
    }

    /// The sticky position of a UTF-16 offset, as JSON of a Yjs relative position.
    #[must_use]
    pub fn relative(&self, offset: u32) -> Value {
        self.shell.client.borrow().document().position(offset)
    }

    /// The UTF-16 offset of a sticky position now.
    #[must_use]
    pub fn absolute(&self, position: &Value) -> Option<u32> {
        self.shell.client.borrow().document().offset(position)
    }

    /// Tries to connect at once, or checks a socket that seems open.
    pub fn retry_now(&self) {
        self.shell.run(Client::wake);
    }

    /// Ends it: the page is left.
    pub fn close(&self) {
        self.shell.ended.set(true);
        self.shell.drop_socket();
    }
}

impl Shell {
    /// Lets the client do something, and carries out what it wants done.
    fn run(self: &Rc<Self>, body: impl FnOnce(&mut Client, Timestamp) -> Vec<Command>) {
        if self.ended.get() {
            return;
        }
        let commands = body(&mut self.client.borrow_mut(), now());
        self.queue.borrow_mut().extend(commands);
        if self.draining.replace(true) {
            return;
        }
        loop {
            let command = self.queue.borrow_mut().pop_front();
            let Some(command) = command else { break };
            self.perform(command);
        }
        self.draining.set(false);
    }

    fn perform(self: &Rc<Self>, command: Command) {
        match command {
            Command::Connect { revision } => self.connect(revision),
            Command::Send(bytes) => self.with_socket(|socket| socket.send_with_u8_array(&bytes)),
            Command::Ping => self.with_socket(|socket| socket.send_with_str("ping")),
            Command::Drop => self.drop_socket(),
            Command::Tell(output) => (self.on_output.borrow_mut())(output),
        }
    }

    fn with_socket(&self, body: impl FnOnce(&WebSocket) -> Result<(), wasm_bindgen::JsValue>) {
        if let Some(socket) = &*self.socket.borrow() {
            // A socket that is closing refuses; its close event follows.
            drop(body(&socket.raw));
        }
    }

    fn connect(self: &Rc<Self>, revision: Option<u64>) {
        self.drop_socket();
        match self.open_socket(revision) {
            Some(socket) => drop(self.socket.replace(Some(socket))),
            None => self.later(|client, now| client.closed(1006, "no socket", now)),
        }
    }

    fn open_socket(self: &Rc<Self>, revision: Option<u64>) -> Option<Socket> {
        let location = self.window.location();
        let scheme = if location.protocol().ok()? == "https:" {
            "wss"
        } else {
            "ws"
        };
        let revision = revision
            .map(|revision| format!("&revision={revision}"))
            .unwrap_or_default();
        let url = format!(
            "{scheme}://{}{}?events=1{revision}",
            location.host().ok()?,
            self.key
        );
        let raw = WebSocket::new(&url).ok()?;
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
        self.queue.borrow_mut().extend(commands);
    }

    /// The clock, and the moments when trying again is worth it. These listeners
    /// live as long as the page.
    fn listen(self: &Rc<Self>) {
        let shell = Rc::clone(self);
        let tick = Closure::<dyn FnMut()>::new(move || shell.run(Client::tick));
        let started = self
            .window
            .set_interval_with_callback_and_timeout_and_arguments_0(
                tick.as_ref().unchecked_ref(),
                TICK_MS,
            );
        if started.is_ok() {
            tick.forget();
        }
        let shell = Rc::clone(self);
        let wake = Closure::<dyn FnMut(Event)>::new(move |_: Event| shell.run(Client::wake));
        let listener = wake.as_ref().unchecked_ref();
        let document = self.window.document();
        let listening = [
            self.window
                .add_event_listener_with_callback("online", listener),
            self.window
                .add_event_listener_with_callback("focus", listener),
            self.window
                .add_event_listener_with_callback("pageshow", listener),
        ];
        let visible =
            document.map(|d| d.add_event_listener_with_callback("visibilitychange", listener));
        if listening.iter().chain(&visible).any(Result::is_ok) {
            wake.forget();
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
