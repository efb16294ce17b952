//! What is said to everybody: the announcement of now, and that a new version is
//! there. Both stand at the foot of the page and push nothing aside; nothing is
//! reloaded by itself, so nothing unsaved is lost.

#[cfg(feature = "ssr")]
use {crate::icons::Icon, leptos::prelude::*};

/// The id of the place for both.
pub const NEWS: &str = "news";

/// Where the browser writes the news.
#[cfg(feature = "ssr")]
#[component]
pub fn News() -> impl IntoView {
    view! {
        <div id=NEWS class="news needs-scripts" data-version=crate::document_shell::version()>
            <div class="announcement" role="status">
                <div class="news-item" hidden=true>
                    <p></p>
                    <button
                        type="button"
                        class="icon-button"
                        aria-label="Close the announcement"
                        title="Close"
                    >
                        <Icon name="x" />
                    </button>
                </div>
            </div>
            <div class="update" role="status">
                <div class="news-item" hidden=true>
                    <p></p>
                    <button type="button" class="button">"Reload"</button>
                </div>
            </div>
        </div>
    }
}

#[cfg(feature = "hydrate")]
pub(crate) use browser::listen;

#[cfg(feature = "hydrate")]
mod browser {
    use std::cell::RefCell;
    use std::rc::Rc;

    use realtime::{
        Announcement, ClientOptions, Event, Key, Output, RealtimeClient, init_realtime_client,
    };
    use web_sys::Element;

    use super::NEWS;
    use crate::kept;
    use crate::markup::{by_id, find, listen as hear, nearest, reload, show as reveal, write};

    /// Where this browser keeps which announcement was closed last.
    const CLOSED: &str = "tandem.announcement";

    thread_local! {
        /// Kept, for without it the socket would be closed.
        static CLIENT: RefCell<Option<RealtimeClient>> = const { RefCell::new(None) };
    }

    struct News {
        place: Element,
        announcement: RefCell<Option<Announcement>>,
    }

    /// Listens to what is said to everybody.
    pub(crate) fn listen() {
        let Some(place) = by_id(NEWS) else { return };
        let news = Rc::new(News {
            place,
            announcement: RefCell::default(),
        });
        let told = Rc::clone(&news);
        let client = init_realtime_client(
            &Key::Global.to_string(),
            ClientOptions {
                revision: None,
                on_output: Box::new(move |output| told.hear(output)),
            },
        );
        CLIENT.set(client);
        let clicked = Rc::clone(&news);
        hear(&news.place, "click", move |event| {
            if nearest(&event, ".update button").is_some() {
                reload();
            } else if nearest(&event, "button").is_some() {
                clicked.close();
            }
        });
    }

    impl News {
        fn hear(&self, output: Output) {
            match output {
                Output::Event(Event::Hello { server, .. }) => {
                    let mine = self.place.get_attribute("data-version");
                    self.say(
                        ".update",
                        "Update ready",
                        mine.is_some_and(|mine| mine != server),
                    );
                }
                Output::Event(Event::Announcement { announcement, .. }) => {
                    self.announcement.replace(announcement);
                    self.show();
                }
                _ => {}
            }
        }

        fn show(&self) {
            let announcement = self.announcement.borrow();
            let closed = kept::read(CLOSED);
            let shown = announcement
                .as_ref()
                .filter(|shown| closed != Some(shown.id.to_string()));
            let text = shown.map_or("", |shown| &*shown.text);
            self.say(".announcement", text, shown.is_some());
        }

        fn close(&self) {
            if let Some(closed) = &*self.announcement.borrow() {
                kept::write(CLOSED, &closed.id.to_string());
            }
            self.announcement.replace(None);
            self.show();
        }

        fn say(&self, place: &str, words: &str, shown: bool) {
            let Some(place) = find(&self.place, place) else {
                return;
            };
            if let Some(item) = find(&place, ".news-item") {
                reveal(&item, shown);
            }
            write(&place, "p", words);
        }
    }
}
