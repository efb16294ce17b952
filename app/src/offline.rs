//! A page of the app that was opened without a line: what it starts from, and what it
//! says once there is one. What waits on this device goes out from home, too, and what can
//! go nowhere any more is handed out there.

/// The id of what says, in a page that was opened without a line, that there is one.
pub const BACK_ONLINE: &str = "back-online";

#[cfg(feature = "hydrate")]
pub(crate) use browser::{back_online, discard, listen, start};

#[cfg(feature = "hydrate")]
mod browser {
    use std::cell::RefCell;
    use std::time::Duration;

    use leptos::prelude::{Update, document, set_timeout, window};
    use realtime::{
        Apart, ClientOptions, Link, Output, RealtimeClient, Start, WhyApart,
        init_realtime_client_from, notes_that_wait,
    };

    use crate::session::Session;

    /// Where the page's first script leaves who made the note here.
    const MADE: &str = "data-made";
    /// The most notes that home sends at once; each of the rest goes when one is done.
    const AT_ONCE: usize = 20;
    /// What was sent is taken off the device, and the note as it is now put there, a moment
    /// after the server said that it has it.
    const UNTIL_WRITTEN: Duration = Duration::from_secs(4);

    thread_local! {
        static WAITING: RefCell<Vec<String>> = const { RefCell::new(Vec::new()) };
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
            WAITING.set(notes);
            (0..AT_ONCE).for_each(|_| send_next());
        });
    }

    fn send_next() {
        let Some(key) = WAITING.with_borrow_mut(Vec::pop) else {
            return;
        };
        let sent = key.clone();
        let mut is_over = false;
        let options = ClientOptions {
            revision: None,
            on_output: Box::new(move |output| match output {
                Output::Apart(apart) => hand_out(apart),
                Output::Status(status) if !is_over => {
                    let is_closed = matches!(status.link, Link::Closed { .. });
                    is_over = is_closed || status.link == Link::Live && status.waiting == 0;
                    if is_over {
                        // One that is closed holds no socket, and may have to forget what it
                        // handed out.
                        let sent = (!is_closed).then(|| sent.clone());
                        set_timeout(move || done(sent.as_ref()), UNTIL_WRITTEN);
                    }
                }
                _ => {}
            }),
        };
        let client = init_realtime_client_from(&key, Start::Device, options);
        SENDING.with_borrow_mut(|sending| sending.extend(client.map(|client| (key, client))));
    }

    fn done(sent: Option<&String>) {
        SENDING.with_borrow_mut(|sending| sending.retain(|(key, _)| Some(key) != sent));
        send_next();
    }

    /// What is of notes that are gone is shown here, for they do not open; the rest where it
    /// was written.
    fn hand_out(apart: Vec<Apart>) {
        Session::of_page().apart.update(|shown| {
            for kept in apart {
                if kept.why == WhyApart::Gone && shown.iter().all(|it| it.page != kept.page) {
                    shown.push(kept);
                }
            }
        });
    }

    /// Somebody has no more use for what was handed out here.
    pub(crate) fn discard(page: &str) {
        for (_, client) in SENDING.with_borrow(Clone::clone) {
            client.discard(page);
        }
        let shown = Session::of_page().apart;
        shown.update(|shown| shown.retain(|it| it.page != page));
    }
}
