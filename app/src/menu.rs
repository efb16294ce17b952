//! The *more* menu: what does not need a place in the header.

use leptos::prelude::*;
use uuid::Uuid;

use crate::actions::set_theme;
use crate::icons::Icon;
use crate::me::ME_DIALOG;
use crate::session::Session;
use crate::shortcuts::{SHORTCUTS_DIALOG, Shortcuts};
use crate::theme::Theme;
use crate::{commands, dialog};

const MENU: &str = "more";

/// The button with the three dots, and what is behind it.
#[island]
pub fn More(
    /// The note.
    note: Uuid,
    /// The theme the page was served with.
    theme: Theme,
) -> impl IntoView {
    let session = Session::of_page();
    let together = session.scrolls_together.clone();
    let toggled = session.scrolls_together;
    view! {
        <div class="more">
            <button type="button" class="icon-button" popovertarget=MENU aria-label="More" title="More">
                <Icon name="ellipsis" />
            </button>
            <div id=MENU class="popover menu" popover="auto">
                <ThemeChoice note theme />
                <hr />
                <a class="menu-item" href=format!("/note/{note}.md") download="">
                    <Icon name="download" />
                    "Download Markdown"
                </a>
                <button type="button" class="menu-item needs-scripts" on:click=|_| commands::print()>
                    <Icon name="printer" />
                    "Print the view"
                </button>
                <button
                    type="button"
                    class="menu-item needs-scripts"
                    aria-pressed=move || together.get().to_string()
                    on:click=move |_| toggled.update(|together| *together = !*together)
                >
                    <Icon name="arrow-down-up" />
                    "Scroll both together"
                    <span class="menu-check"><Icon name="check" /></span>
                </button>
                <hr class="needs-scripts" />
                <button type="button" class="menu-item needs-scripts" on:click=|_| dialog::show(ME_DIALOG)>
                    <Icon name="user-round" />
                    "My name and colour"
                </button>
                <button
                    type="button"
                    class="menu-item needs-scripts"
                    on:click=|_| dialog::show(SHORTCUTS_DIALOG)
                >
                    <Icon name="keyboard" />
                    "Keyboard shortcuts"
                    <kbd>"?"</kbd>
                </button>
            </div>
            <Shortcuts />
        </div>
    }
}

/// Three buttons that colour the page; without scripts each posts.
#[component]
fn ThemeChoice(note: Uuid, theme: Theme) -> impl IntoView {
    let chosen = RwSignal::new(theme);
    let choose = move |event: leptos::ev::MouseEvent, theme: Theme| {
        event.prevent_default();
        chosen.set(theme);
        commands::show_theme(theme);
        leptos::task::spawn_local(async move {
            if let Err(error) = set_theme(theme, Some(note)).await {
                leptos::logging::warn!("the theme lasts as long as this page: {error}");
            }
        });
    };
    let button = move |theme: Theme| {
        let (label, icon) = match theme {
            Theme::System => ("System", "monitor"),
            Theme::Light => ("Light", "sun"),
            Theme::Dark => ("Dark", "moon"),
        };
        view! {
            <button
                type="submit"
                class="segment"
                name="theme"
                value=theme.as_str()
                aria-pressed=move || (chosen.get() == theme).to_string()
                on:click=move |event| choose(event, theme)
            >
                <Icon name=icon />
                <span>{label}</span>
            </button>
        }
    };
    view! {
        <form class="segments" method="post" action="/api/fn/set_theme" role="group" aria-label="Theme">
            <input type="hidden" name="note" value=note.to_string() />
            {Theme::ALL.map(button)}
        </form>
    }
}
