//! What stands in for a WebSocket where a network lets none through, and finding out
//! whether one gets through by now (SPEC, L).

use std::rc::Rc;

use wasm_bindgen::JsCast;
use wasm_bindgen::closure::Closure;
use wasm_bindgen::prelude::wasm_bindgen;
use web_sys::{CloseEvent, WebSocket};

use super::Shell;
use crate::client::Client;

#[wasm_bindgen(raw_module = "./line.js")]
extern "C" {
    /// What stands in for a WebSocket, with the same face: `app/line/line.ts`, which is
    /// served beside the script of the page.
    pub(super) type LineSocket;

    #[wasm_bindgen(constructor)]
    pub(super) fn new(url: &str) -> LineSocket;
}

impl Shell {
    /// Opens a socket that is wanted for nothing but whether it opens: its key is none,
    /// so nothing is woken, and it is closed with 4404.
    pub(super) fn probe(self: &Rc<Self>) {
        let socket = self.address("/").and_then(|url| WebSocket::new(&url).ok());
        let Some(socket) = socket else { return };
        let shell = Rc::downgrade(self);
        let close = Closure::once_into_js(move |event: CloseEvent| {
            if let Some(shell) = shell.upgrade().filter(|_| event.code() == 4404) {
                shell.run(Client::socket_works);
            }
        });
        socket.set_onclose(Some(close.unchecked_ref()));
    }
}
