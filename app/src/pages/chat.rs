//! [ssr] A chat room on a page of its own.

use leptos::prelude::*;
use realtime::{Person, Refusal, RoomName};

use crate::bell::Bell;
use crate::chat::{ChatPanel, Standing};
use crate::dialog::{Dialog, ME_DIALOG};
use crate::document_shell::{Head, Islands};
use crate::icons::Icon;
use crate::me::MeForm;
use crate::people::People;
use crate::server::{OpenedRoom, Services, Visitor, open_room, silent_kinds};

/// A room, as one visitor may see it.
#[derive(Clone, Debug)]
pub struct ChatRoom {
    room: OpenedRoom,
    link: String,
    silent: Vec<&'static str>,
}

impl ChatRoom {
    pub(crate) async fn load(
        services: &Services,
        visitor: &Visitor,
        name: &RoomName,
    ) -> Result<Self, Refusal> {
        let room = open_room(services, visitor, name).await?;
        Ok(Self {
            link: format!("{}{}", services.origin, room.key),
            silent: silent_kinds(services, visitor).await,
            room,
        })
    }

    pub(crate) fn head(&self) -> Head {
        Head {
            title: self.room.title.clone(),
            islands: Some(Islands::Others),
            ..Head::default()
        }
    }
}

/// The whole page.
#[component]
pub fn ChatRoomPage(
    /// The room.
    chat: ChatRoom,
    /// Who looks at it.
    visitor: Visitor,
) -> impl IntoView {
    let ChatRoom { room, link, silent } = chat;
    let Person { name, colour, .. } = visitor.person.clone();
    view! {
        <div class="room-page">
            <header class="bar">
                <a class="icon-button" href="/chat" aria-label="All rooms" title="All rooms">
                    <Icon name="arrow-left" />
                </a>
                <h1 class="title-text">{room.title}</h1>
                <span class="bar-space"></span>
                <People />
                <Dialog id=ME_DIALOG title="How others see you">
                    <MeForm name colour />
                </Dialog>
                <Bell visitor silent />
                <button
                    type="button"
                    class="button needs-scripts"
                    data-do="copy"
                    data-text=link
                    aria-live="polite"
                >
                    "Copy link"
                </button>
            </header>
            <p class="no-scripts room-plain">
                "This chat needs scripts, which this browser does not run. What was written is kept."
            </p>
            <main class="needs-scripts">
                <ChatPanel room=room.key.to_string() standing=Standing::Page />
            </main>
        </div>
    }
}
