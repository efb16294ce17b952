//! A page of the app that was opened without a line: what it starts from, and what it
//! says once there is one. What waits on this device goes out from home, too.

/// The id of what says, in a page that was opened without a line, that there is one.
pub const BACK_ONLINE: &str = "back-online";

#[cfg(feature = "hydrate")]
pub(crate) use browser::{back_online, listen, start};

#[cfg(feature = "hydrate")]
mod browser {
    use std::cell::RefCell;
    use std::time::Duration;

    use leptos::prelude::{document, set_timeout, window};
    use realtime::{
        ClientOptions, Link, Output, RealtimeClient, Start, init_realtime_client_from,
        notes_that_wait,
    };

    /// Where the page's first script leaves who made the note here.
    const MADE: &str = "data-made";
    /// The most notes that home sends at once; the rest goes when they are opened, or
    /// with the next visit.
    const AT_ONCE: usize = 20;
    /// What was sent is taken off the device, and the note as it is now put there, a moment
    /// after the server said that it has it.
    const UNTIL_WRITTEN: Duration = Duration::from_secs(4);

    thread_local! {
        static SENDING: RefCell<Vec<(String, RealtimeClient)>> = const { RefCell::new(Vec::new()) };
    }

    /// What a note's page starts from.
    pub(crate) fn start(on_device: bool) -> Start {
        let root = document().document_element();
        match root.and_then(|root| root.get_attribute(MADE)) {
            _ if !on_device => Start::Server,
            None => Start::Device,
            Some(person) => Start::MadeHere(person.parse().unwrap_or_default()),
        }
    }

    /// Everything is stored: the page may be left for the whole one.
    pub(crate) fn back_online() {
        if let Some(place) = crate::markup::by_id(super::BACK_ONLINE) {
            crate::markup::show(&place, true);
        }
    }

    /// Home sends what notes have on this device that is not stored: nobody has to open
    /// each of them for that.
    pub(crate) fn listen() {
        if window().location().pathname().as_deref() != Ok("/") {
            return;
        }
        notes_that_wait(|notes| {
            for key in notes.into_iter().take(AT_ONCE) {
                send(key);
            }
        });
    }

    fn send(key: String) {
        let sent = key.clone();
        let options = ClientOptions {
            revision: None,
            on_output: Box::new(move |output| {
                if let Output::Status(status) = output
                    && (matches!(status.link, Link::Closed { .. })
                        || status.link == Link::Live && status.waiting == 0)
                {
                    let sent = sent.clone();
                    set_timeout(
                        move || SENDING.with_borrow_mut(|all| all.retain(|(key, _)| *key != sent)),
                        UNTIL_WRITTEN,
                    );
                }
            }),
        };
        let client = init_realtime_client_from(&key, Start::Device, options);
        SENDING.with_borrow_mut(|sending| sending.extend(client.map(|client| (key, client))));
    }
}
