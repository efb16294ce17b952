//! A synced signal: one small value that everybody with the same key sees and, with
//! the right to write, sets. The room keeps it, and its order decides.

use leptos::prelude::*;
use serde::Serialize;
use serde::de::DeserializeOwned;

/// The value of this name behind a key, and what sets it: here at once, for all
/// others by way of the room. It is `default` while nobody has set it, and on the
/// server. What the room tells in another shape is passed over.
///
/// The name is 1 to 64 of `a-z 0-9 - _ .`, the value at most 16 KiB of JSON.
#[cfg_attr(
    not(feature = "hydrate"),
    expect(unused_variables, reason = "the server joins nothing")
)]
pub fn use_synced_signal<T>(key: &str, name: &str, default: T) -> (Signal<T>, Callback<T>)
where
    T: Serialize + DeserializeOwned + Clone + PartialEq + Send + Sync + 'static,
{
    let shown = RwSignal::new(default.clone());
    #[cfg(not(feature = "hydrate"))]
    let set = Callback::new(move |value| shown.set(value));
    #[cfg(feature = "hydrate")]
    let set = {
        let on_value = move |value: serde_json::Value| {
            let told = if value.is_null() {
                Some(default.clone())
            } else {
                serde_json::from_value(value).ok()
            };
            if let Some(told) = told.filter(|told| shown.with_untracked(|shown| shown != told)) {
                shown.set(told);
            }
        };
        let joined = joined::Joined::join(key, name, Box::new(on_value));
        // Kept as long as the component: then the key is left.
        let joined = StoredValue::new_local(joined);
        Callback::new(move |value: T| {
            if let Ok(json) = serde_json::to_value(&value) {
                shown.set(value);
                joined.with_value(|joined| joined.set(json));
            }
        })
    };
    (shown.into(), set)
}

#[cfg(feature = "hydrate")]
mod joined {
    //! The part that is the same for every type of value.

    use std::cell::{OnceCell, RefCell};
    use std::rc::Rc;

    use realtime::{
        Ask, ClientOptions, Event, Output, RealtimeClient, Synced, init_realtime_client,
    };
    use serde_json::Value;

    pub(super) struct Joined {
        synced: RefCell<Synced>,
        on_value: RefCell<Box<dyn FnMut(Value)>>,
        client: OnceCell<RealtimeClient>,
    }

    impl Joined {
        pub(super) fn join(key: &str, name: &str, on_value: Box<dyn FnMut(Value)>) -> Rc<Self> {
            let joined = Rc::new(Self {
                synced: RefCell::new(Synced::new(name)),
                on_value: RefCell::new(on_value),
                client: OnceCell::new(),
            });
            let told = Rc::downgrade(&joined);
            let options = ClientOptions {
                revision: None,
                on_output: Box::new(move |output| {
                    if let (Output::Event(event), Some(told)) = (output, told.upgrade()) {
                        told.hear(&event);
                    }
                }),
            };
            let client = init_realtime_client(key, options);
            if client.is_none_or(|client| joined.client.set(client).is_err()) {
                leptos::logging::error!("{key} is not a key to share anything by");
            }
            joined
        }

        pub(super) fn set(&self, value: Value) {
            let ask = self.synced.borrow_mut().set(value);
            self.ask(&ask);
        }

        fn hear(&self, event: &Event) {
            let heard = self.synced.borrow_mut().event(event);
            if let Some(ask) = heard.ask {
                self.ask(&ask);
            }
            if let Some(value) = heard.value {
                (self.on_value.borrow_mut())(value);
            }
        }

        /// What cannot be asked now is asked after the next `hello`.
        fn ask(&self, ask: &Ask) -> bool {
            self.client.get().is_some_and(|client| client.ask(ask))
        }
    }
}
