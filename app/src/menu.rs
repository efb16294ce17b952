//! [ssr] The *more* menu: what does not need a place in the header.

use leptos::prelude::*;
use uuid::Uuid;

use crate::dialog::{ME_DIALOG, SHORTCUTS_DIALOG};
use crate::icons::Icon;
use crate::shortcuts::Shortcuts;
use crate::theme::Theme;

const MENU: &str = "more";

/// The button with the three dots, and what is behind it.
#[component]
pub fn More(
    /// The note.
    note: Uuid,
    /// The theme the page is served with.
    theme: Theme,
    /// Whether the visitor may change the note.
    can_write: bool,
    /// Whether the visitor has an account.
    account: bool,
) -> impl IntoView {
    let (place, icon, label) = if account {
        ("/settings".to_owned(), "settings", "Settings")
    } else {
        (format!("/sign-in?next=/note/{note}"), "log-in", "Sign in")
    };
    view! {
        <button
            type="button"
            class="icon-button"
            popovertarget=MENU
            aria-label="More"
            title="More"
        >
            <Icon name="ellipsis" />
        </button>
        <div id=MENU class="popover menu" popover="auto">
            <ThemeChoice theme note />
            <hr />
            <a class="menu-item" href=format!("/note/{note}/slides")>
                <Icon name="presentation" />
                "Show as slides"
            </a>
            <a class="menu-item" href=format!("/note/{note}.md") download="">
                <Icon name="download" />
                "Download Markdown"
            </a>
            <a class="menu-item" href=format!("/note/{note}/download.html") download="">
                <Icon name="download" />
                "Download HTML"
            </a>
            <button type="button" class="menu-item needs-scripts" data-do="print">
                <Icon name="printer" />
                "Print the view"
            </button>
            <button
                type="button"
                class="menu-item needs-scripts"
                data-do="scroll-together"
                aria-pressed="true"
            >
                <Icon name="arrow-down-up" />
                "Scroll both together"
                <span class="menu-check">
                    <Icon name="check" />
                </span>
            </button>
            {can_write
                .then(|| {
                    view! {
                        <button
                            type="button"
                            class="menu-item needs-scripts"
                            data-do="lead"
                            aria-pressed="false"
                        >
                            <Icon name="presentation" />
                            "Let others follow me"
                            <span class="menu-check">
                                <Icon name="check" />
                            </span>
                        </button>
                    }
                })}
            <hr />
            <button type="button" class="menu-item" command="show-modal" commandfor=ME_DIALOG>
                <Icon name="user-round" />
                "My name and colour"
            </button>
            <a class="menu-item" href=place>
                <Icon name=icon />
                {label}
            </a>
            <button
                type="button"
                class="menu-item needs-scripts"
                command="show-modal"
                commandfor=SHORTCUTS_DIALOG
            >
                <Icon name="keyboard" />
                "Keyboard shortcuts"
                <kbd>"?"</kbd>
            </button>
        </div>
        <Shortcuts />
    }
}

/// Three buttons that colour the pages of this browser.
#[component]
pub fn ThemeChoice(
    /// The theme now.
    theme: Theme,
    /// The note to come back to, without scripts.
    #[prop(optional)]
    note: Option<Uuid>,
) -> impl IntoView {
    let button = move |choice: Theme| {
        let (label, icon) = match choice {
            Theme::System => ("System", "monitor"),
            Theme::Light => ("Light", "sun"),
            Theme::Dark => ("Dark", "moon"),
        };
        view! {
            <button
                type="submit"
                class="segment"
                name="theme"
                value=choice.as_str()
                title=format!("{label} theme")
                aria-pressed=(choice == theme).to_string()
            >
                <Icon name=icon />
                <span>{label}</span>
            </button>
        }
    };
    view! {
        <form method="post" action="/api/fn/set_theme" data-quiet="">
            {note.map(|note| view! { <input type="hidden" name="note" value=note.to_string() /> })}
            <div class="segments" role="group" aria-label="Theme">
                {Theme::ALL.map(button)}
            </div>
            <p class="problem" role="alert"></p>
        </form>
    }
}
