//! [ssr] The chat rooms somebody has been in, and a form that makes one.

use leptos::either::EitherOf3;
use leptos::prelude::*;
use store::PersonId;
use store::rooms::{MAX_TITLE_CHARS, RoomCard};

use crate::bell::Bell;
use crate::clock::ago;
use crate::document_shell::{Head, Islands};
use crate::icons::Icon;
use crate::server::{Services, Visitor, silent_kinds};

/// How many rooms the list shows.
const LISTED: u64 = 200;

/// The list.
#[derive(Clone, Debug)]
pub struct Rooms {
    /// None when the database did not answer.
    rooms: Option<Vec<RoomCard>>,
    now_ms: u64,
    silent: Vec<&'static str>,
}

impl Rooms {
    pub(crate) async fn load(services: &Services, visitor: &Visitor) -> Self {
        let person = PersonId(visitor.person.id);
        let rooms = store::rooms::of_person(&*services.database, person, LISTED).await;
        if let Err(error) = &rooms {
            leptos::logging::warn!("chat rooms without their list: {error}");
        }
        Self {
            rooms: rooms.ok(),
            now_ms: services.now_ms,
            silent: silent_kinds(services, visitor).await,
        }
    }
}

pub(crate) fn head() -> Head {
    Head {
        title: "Chat".to_owned(),
        islands: Some(Islands::Others),
        ..Head::default()
    }
}

/// The whole page.
#[component]
pub fn RoomsPage(
    /// What it shows.
    rooms: Rooms,
    /// Who looks at it.
    visitor: Visitor,
) -> impl IntoView {
    let silent = rooms.silent.clone();
    view! {
        <main class="home rooms">
            <header class="home-head">
                <a class="icon-button" href="/" aria-label="Home" title="Home">
                    <Icon name="house" />
                </a>
                <h1 class="wordmark">"Chat"</h1>
                <span class="bar-space"></span>
                <Bell visitor silent />
            </header>
            <form class="make-room" method="post" action="/api/fn/make_room">
                <label class="field">
                    <span>"New room"</span>
                    <input
                        type="text"
                        name="title"
                        placeholder="What it is about"
                        required=true
                        autocomplete="off"
                        maxlength=MAX_TITLE_CHARS.to_string()
                    />
                </label>
                <button type="submit" class="button button-filled">
                    "Make room"
                </button>
            </form>
            {list(rooms)}
        </main>
    }
}

fn list(rooms: Rooms) -> impl IntoView {
    match rooms.rooms {
        None => {
            let sentence = "Your rooms cannot be listed just now. They open by their links, and nothing is lost.";
            EitherOf3::A(view! { <p class="problem" role="alert">{sentence}</p> })
        }
        Some(list) if list.is_empty() => EitherOf3::B(
            view! { <p class="empty">"No rooms yet. Make one, and share its link."</p> },
        ),
        Some(list) => {
            let now_ms = rooms.now_ms;
            let rows = list
                .into_iter()
                .map(|room| row(room, now_ms))
                .collect_view();
            EitherOf3::C(view! {
                <section class="note-list" aria-labelledby="rooms">
                    <h2 id="rooms">"Rooms I have been in"</h2>
                    <ul>{rows}</ul>
                </section>
            })
        }
    }
}

fn row(room: RoomCard, now_ms: u64) -> impl IntoView {
    let mine = if room.owned { "You own this room" } else { "" };
    view! {
        <li>
            <a class="note-row" href=format!("/chat/{}", room.name)>
                <span class="note-title">{room.title}</span>
                <span class="note-excerpt">{mine}</span>
                <span class="note-time">{ago(room.seen_at, now_ms)}</span>
            </a>
        </li>
    }
}
