//! The moments when the page's clients have something to do without being asked: time
//! passes, the network or the reader is back, the page is put away.

use std::cell::Cell;

use wasm_bindgen::JsCast;
use wasm_bindgen::closure::Closure;
use web_sys::{Event, Window};

use super::SHELLS;
use crate::client::{Client, Command};
use crate::session::Timestamp;

/// How often the clients are told the time.
const TICK_MS: i32 = 1_000;

thread_local! {
    /// The clock runs.
    static LISTENING: Cell<bool> = const { Cell::new(false) };
}

/// The clock, and the moments when trying again is worth it. These listeners live
/// as long as the page.
pub(super) fn listen(window: &Window) {
    if LISTENING.replace(true) {
        return;
    }
    let tick = Closure::<dyn FnMut()>::new(|| every_client(Client::tick));
    let started = window.set_interval_with_callback_and_timeout_and_arguments_0(
        tick.as_ref().unchecked_ref(),
        TICK_MS,
    );
    if started.is_ok() {
        tick.forget();
    }
    let wake = Closure::<dyn FnMut(Event)>::new(|_: Event| every_client(Client::wake));
    let listener = wake.as_ref().unchecked_ref();
    let document = window.document();
    let listening = ["online", "focus", "pageshow"]
        .map(|moment| window.add_event_listener_with_callback(moment, listener));
    let visible =
        document.map(|d| d.add_event_listener_with_callback("visibilitychange", listener));
    if listening.iter().chain(&visible).any(Result::is_ok) {
        wake.forget();
    }
    // What a page has to say when it is put away it says at once.
    let document = window.document();
    let hidden = move |document: &web_sys::Document| document.hidden();
    let away = Closure::<dyn FnMut(Event)>::new(move |event: Event| {
        if event.type_() == "pagehide" || document.as_ref().is_some_and(hidden) {
            for shell in SHELLS.with_borrow(Vec::clone) {
                if let Some(keeper) = shell.keeper.get() {
                    keeper.put_away();
                }
            }
        }
    });
    let listener = away.as_ref().unchecked_ref();
    let hears = window.add_event_listener_with_callback("pagehide", listener);
    let document = window.document();
    let visible =
        document.map(|d| d.add_event_listener_with_callback("visibilitychange", listener));
    if hears.is_ok() || matches!(visible, Some(Ok(()))) {
        away.forget();
    }
}

fn every_client(body: fn(&mut Client, Timestamp) -> Vec<Command>) {
    let shells = SHELLS.with_borrow(Vec::clone);
    for shell in shells {
        shell.run(body);
    }
}
