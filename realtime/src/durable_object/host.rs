//! What an instance gives its objects: a [`Host`], and the class around it.

use std::pin::Pin;

use worker::Env;

use crate::access::Asker;
use crate::effect::IndexEntry;
use crate::feed::FeedState;
use crate::key::Key;
use crate::notice::Notice;
use crate::rights::Rights;
use crate::room::Settings;

/// What a [`Host`] does in its own time; the error is for the log.
pub type HostFuture<T> = Pin<Box<dyn Future<Output = std::result::Result<T, String>>>>;

/// What the instance does around its rooms. An instance writes what the kinds of
/// key it lets in need; the rest refuses with an error in the log and is tried
/// again, so that nothing goes missing unseen.
pub trait Host: 'static {
    /// Writes what the index over all notes should know; for keys of notes. An
    /// error is tried again later; editing goes on meanwhile.
    fn index(_env: &Env, _key: &Key, _entry: &IndexEntry) -> HostFuture<()> {
        missing("index")
    }

    /// What a feed has to say: of a person, or of everybody; for keys of feeds.
    fn feed(_env: &Env, _key: &Key) -> HostFuture<FeedState> {
        missing("feed")
    }

    /// What these may do on a key now; who is left out may do nothing. Asked when
    /// something changed, or ended, while sockets are open. An instance whose
    /// rights never change need not write it.
    fn rights(_env: &Env, _key: &Key, _askers: Vec<Asker>) -> Option<HostFuture<Rights>> {
        None
    }

    /// Keeps notices, each once for its person, kind and cause, and brings those
    /// people's feeds up to date; for keys of notes and chat rooms. An error is
    /// tried again later with the same.
    fn notify(_env: &Env, _notices: Vec<Notice>) -> HostFuture<()> {
        missing("notify")
    }

    /// Hears how many people have a note open, when that changed. An error is not
    /// tried again: it is told anew with the next who comes or goes.
    fn here(_env: &Env, _key: &Key, _people: usize) -> HostFuture<()> {
        Box::pin(async { Ok(()) })
    }

    /// The bounds of this instance.
    fn settings(_env: &Env) -> Settings {
        Settings::default()
    }

    /// Hears what an object does by itself: `constructed`, `loaded`, `timer`, `alarm`. For
    /// proving that objects sleep.
    fn noticed(_env: &Env, _what: &'static str) {}
}

fn missing<T>(what: &'static str) -> HostFuture<T> {
    Box::pin(async move { Err(format!("this instance has no `Host::{what}`")) })
}

/// Defines `RealtimeDurableObject`, the class of every key's object, around a
/// [`Host`](crate::durable_object::Host).
#[macro_export]
macro_rules! realtime_durable_object {
    ($host:ty) => {
        /// One key: its sockets, its document, its storage.
        #[::worker::durable_object(alarm)]
        pub struct RealtimeDurableObject($crate::durable_object::Runtime<$host>);

        impl ::worker::DurableObject for RealtimeDurableObject {
            fn new(state: ::worker::State, env: ::worker::Env) -> Self {
                Self($crate::durable_object::Runtime::new(state, env))
            }

            async fn fetch(
                &self,
                request: ::worker::Request,
            ) -> ::worker::Result<::worker::Response> {
                self.0.fetch(request).await
            }

            async fn alarm(&self) -> ::worker::Result<::worker::Response> {
                self.0.alarm().await
            }
        }

        // What `worker` would export copies each frame and makes a promise for it.
        const _: () = {
            use ::worker::wasm_bindgen::{self, prelude::*};
            use ::worker::worker_sys::web_sys;

            #[wasm_bindgen]
            impl RealtimeDurableObject {
                /// A frame of a hibernating socket.
                ///
                /// # Errors
                /// When storage cannot be read.
                #[wasm_bindgen(js_name = webSocketMessage)]
                pub fn web_socket_message(
                    &self,
                    socket: web_sys::WebSocket,
                    frame: JsValue,
                ) -> ::std::result::Result<JsValue, JsValue> {
                    self.0.message(&socket.into(), &frame)
                }

                /// The end of a hibernating socket.
                ///
                /// # Errors
                /// When storage cannot be read.
                #[wasm_bindgen(js_name = webSocketClose)]
                pub fn web_socket_close(
                    &self,
                    socket: web_sys::WebSocket,
                ) -> ::std::result::Result<JsValue, JsValue> {
                    self.0.closed(&socket.into())
                }

                /// The same for one that broke off.
                ///
                /// # Errors
                /// When storage cannot be read.
                #[wasm_bindgen(js_name = webSocketError)]
                pub fn web_socket_error(
                    &self,
                    socket: web_sys::WebSocket,
                ) -> ::std::result::Result<JsValue, JsValue> {
                    self.0.closed(&socket.into())
                }
            }
        };
    };
}
