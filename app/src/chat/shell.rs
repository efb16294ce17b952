//! [ssr] The chat's markup, with everything the browser fills in later.

use leptos::either::Either;
use leptos::prelude::*;
use realtime::MAX_MESSAGE_BYTES;

use super::{CHAT, CHAT_BUTTON, CHAT_MENU, CHAT_NAMES, CHAT_ROW, CHAT_RULE, CHAT_WAITING};
use crate::icons::Icon;

/// Where a chat stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    /// In a drawer beside a note.
    Drawer,
    /// On a page of its own.
    Page,
}

impl Standing {
    /// What the ids of messages begin with: notifications point at them.
    fn anchor(self) -> &'static str {
        match self {
            Self::Drawer => "chat-",
            Self::Page => "m",
        }
    }

    fn notice(self) -> &'static str {
        match self {
            Self::Drawer => "Everyone who can open this note can read the chat, also later.",
            Self::Page => "Everyone who has the link can read this chat, also later.",
        }
    }

    fn reads_only(self) -> &'static str {
        match self {
            Self::Drawer => "You can read along. Those who can edit the note can write here.",
            Self::Page => "You can read along.",
        }
    }
}

/// The button in a note's header.
#[component]
pub fn ChatButton() -> impl IntoView {
    view! {
        <button
            type="button"
            id=CHAT_BUTTON
            class="icon-button badged needs-scripts"
            aria-controls=CHAT
            aria-expanded="false"
            aria-label="Chat"
            title="Chat (Alt+C)"
        >
            <Icon name="message-square" />
            <span class="badge" aria-hidden="true" hidden=true></span>
        </button>
    }
}

/// The panel: head, messages, and where one is written.
#[component]
pub fn ChatPanel(
    /// The room's key.
    room: String,
    /// Where it stands.
    standing: Standing,
    /// Whether its reader writes, as far as the page knows; the room says it again.
    #[prop(optional)]
    writes: bool,
) -> impl IntoView {
    let (class, hidden) = match standing {
        Standing::Drawer => ("chat chat-drawer", true),
        Standing::Page => ("chat chat-page", false),
    };
    view! {
        <section
            id=CHAT
            class=class
            aria-label="Chat"
            data-room=room
            data-anchor=standing.anchor()
            hidden=hidden
        >
            {head(standing)}
            <div class="chat-body">
                <div class="chat-scroll" tabindex="0" role="group" aria-label="Messages">
                    <p class="chat-empty" hidden=true>"No messages yet."</p>
                    <div class="chat-log" role="log" aria-live="polite" aria-label="Messages"></div>
                    <div class="chat-waiting"></div>
                </div>
                <button type="button" class="button chat-jump" hidden=true>
                    <Icon name="arrow-down" />
                    <span>"Jump to latest"</span>
                </button>
            </div>
            <p class="chat-typing" aria-live="off"></p>
            {compose(standing, writes)}
            <p class="chat-reads-only aside" hidden=true>{standing.reads_only()}</p>
            {templates()}
            {message_menu()}
        </section>
    }
}

/// A drawer says what it is and can be closed; a page has said so above.
fn head(standing: Standing) -> impl IntoView {
    match standing {
        Standing::Page => Either::Left(view! { <p class="chat-state" role="status"></p> }),
        Standing::Drawer => Either::Right(view! {
            <header class="chat-head">
                <h2>"Chat"</h2>
                <p class="chat-state" role="status"></p>
                <button
                    type="button"
                    class="icon-button chat-close"
                    aria-label="Close the chat"
                    title="Close (Esc)"
                >
                    <Icon name="x" />
                </button>
            </header>
        }),
    }
}

fn compose(standing: Standing, writes: bool) -> impl IntoView {
    let line = (standing == Standing::Drawer).then(|| {
        view! {
            <button
                type="button"
                class="icon-button chat-line"
                aria-label="Link to the line of the caret"
                title="Link to the line of the caret"
            >
                <Icon name="hash" />
            </button>
        }
    });
    view! {
        <form class="chat-form" hidden=!writes>
            <p class="chat-notice aside" hidden=true>{standing.notice()}</p>
            <p class="chat-editing aside" hidden=true>"Changing a message. Esc leaves it as it was."</p>
            <p class="problem" role="alert"></p>
            <ul id=CHAT_NAMES class="chat-names" role="listbox" aria-label="People here" hidden=true></ul>
            <div class="chat-compose">
                <textarea
                    rows="1"
                    aria-label="Message"
                    placeholder="Write a message"
                    maxlength=MAX_MESSAGE_BYTES.to_string()
                    enterkeyhint="send"
                    autocomplete="off"
                    aria-autocomplete="list"
                    aria-controls=CHAT_NAMES
                ></textarea>
                {line}
                <button
                    type="submit"
                    class="icon-button chat-send"
                    aria-label="Send"
                    title="Send (Enter)"
                >
                    <Icon name="send-horizontal" />
                </button>
            </div>
        </form>
    }
}

fn templates() -> impl IntoView {
    view! {
        <template id=CHAT_ROW>
            <article class="chat-message">
                <span class="face" aria-hidden="true"></span>
                <p class="chat-by">
                    <b></b>
                    " "
                    <time></time>
                </p>
                <div class="chat-text"></div>
                <button
                    type="button"
                    class="icon-button chat-more"
                    popovertarget=CHAT_MENU
                    aria-label="More about this message"
                    title="More"
                >
                    <Icon name="ellipsis" />
                </button>
            </article>
        </template>
        <template id=CHAT_WAITING>
            <div class="chat-message chat-unsent">
                <div class="chat-text"></div>
                <p class="chat-fate">
                    <span role="status"></span>
                    <button type="button" class="link-button" data-chat="retry">"Retry"</button>
                    <button type="button" class="link-button" data-chat="discard">"Take back"</button>
                </p>
            </div>
        </template>
        <template id=CHAT_RULE>
            <p class="chat-rule">
                <span></span>
            </p>
        </template>
    }
}

/// What can be done with a message; who may not do a thing is not shown it.
fn message_menu() -> impl IntoView {
    let item = |action: &'static str, icon: &'static str, label: &'static str| {
        view! {
            <button type="button" class="menu-item" data-chat=action>
                <Icon name=icon />
                <span>{label}</span>
            </button>
        }
    };
    let slow = |seconds: &'static str, label: &'static str| {
        view! {
            <button
                type="button"
                class="segment"
                data-chat="slow"
                data-seconds=seconds
                aria-pressed="false"
            >
                {label}
            </button>
        }
    };
    view! {
        <div id=CHAT_MENU class="popover menu" popover="auto">
            {item("reply", "message-square", "Reply")}
            {item("edit", "pencil", "Edit")}
            {item("delete", "trash-2", "Delete")}
            {item("mute", "volume-x", "Mute for 10 minutes")}
            <div class="chat-slow">
                <hr />
                <p class="aside" id="chat-slow-label">"Slow mode: between two messages"</p>
                <div class="segments" role="group" aria-labelledby="chat-slow-label">
                    {slow("0", "Off")} {slow("10", "10 s")} {slow("60", "1 min")}
                </div>
            </div>
        </div>
    }
}
