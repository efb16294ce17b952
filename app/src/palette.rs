//! The command palette: a field, and below it what can be done here and the notes
//! that say what was typed. `Mod+K` opens it, and `/` where there is no search
//! field. What a command does is a link, or a press on the button that does it
//! already: a command whose button a page does not have is not shown there.

#[cfg(feature = "hydrate")]
mod keys;
#[cfg(feature = "hydrate")]
mod notes;

#[cfg(feature = "ssr")]
use {
    crate::chat::CHAT_BUTTON,
    crate::dialog::{ME_DIALOG, SHARE_DIALOG},
    crate::icons::Icon,
    leptos::prelude::*,
};

#[cfg(feature = "hydrate")]
pub(crate) use keys::{listen, opened};

/// The dialog.
pub const PALETTE: &str = "palette";
/// The list in it.
pub const PALETTE_LIST: &str = "palette-list";
/// A note in it.
pub const PALETTE_NOTE: &str = "palette-note";

/// Opens it, or closes it when it is open, and says which; none for a page without one.
#[cfg(feature = "hydrate")]
pub(crate) fn toggle() -> Option<bool> {
    let dialog = dialog()?;
    let opens = !dialog.open();
    if !opens {
        dialog.close();
    } else if dialog.show_modal().is_err() {
        leptos::logging::warn!("the palette does not open");
    }
    Some(opens)
}

/// Closes it, if it is open.
#[cfg(feature = "hydrate")]
pub(crate) fn close() {
    if let Some(dialog) = dialog() {
        dialog.close();
    }
}

#[cfg(feature = "hydrate")]
fn dialog() -> Option<web_sys::HtmlDialogElement> {
    use wasm_bindgen::JsCast as _;
    crate::markup::by_id(PALETTE)?.dyn_into().ok()
}

/// What choosing a command does.
#[cfg(feature = "ssr")]
enum Does {
    /// Goes somewhere.
    Goes(&'static str),
    /// Presses what this selector names.
    Presses(String),
    /// What a button with this word does (`behaviours.rs`).
    Says(&'static str),
}

#[cfg(feature = "ssr")]
fn commands() -> Vec<(&'static str, &'static str, &'static str, Does)> {
    let opens = |dialog: &str| Does::Presses(format!("[commandfor='{dialog}']"));
    let presses = |selector: &str| Does::Presses(selector.to_owned());
    vec![
        ("plus", "New note", "N", Does::Goes("/new")),
        ("share-2", "Share", "", opens(SHARE_DIALOG)),
        (
            "message-square",
            "Chat of this note",
            "Alt+C",
            Does::Presses(format!("#{CHAT_BUTTON}")),
        ),
        (
            "pencil",
            "Edit alone",
            "Ctrl+Alt+E",
            presses(".segment-edit"),
        ),
        (
            "columns-2",
            "Both panes",
            "Ctrl+Alt+B",
            presses(".segment-both"),
        ),
        ("eye", "View alone", "Ctrl+Alt+V", presses(".segment-view")),
        (
            "download",
            "Download Markdown",
            "",
            presses(".menu-item[download]"),
        ),
        (
            "printer",
            "Print the view",
            "",
            presses("[data-do='print']"),
        ),
        ("house", "Home", "D", Does::Goes("/")),
        ("message-square", "Chat rooms", "", Does::Goes("/chat")),
        (
            "bell",
            "Notifications",
            "",
            presses("[popovertarget='bell']"),
        ),
        ("user-round", "My name and colour", "", opens(ME_DIALOG)),
        ("settings", "Settings", "", Does::Goes("/settings")),
        ("user-round", "Sign in", "", Does::Goes("/sign-in")),
        (
            "sun",
            "Light theme",
            "",
            presses("[name='theme'][value='light']"),
        ),
        (
            "moon",
            "Dark theme",
            "",
            presses("[name='theme'][value='dark']"),
        ),
        (
            "monitor",
            "Theme of the system",
            "",
            presses("[name='theme'][value='system']"),
        ),
        (
            "keyboard",
            "Keyboard shortcuts",
            "?",
            Does::Says("shortcuts"),
        ),
    ]
}

/// The palette, closed.
#[cfg(feature = "ssr")]
#[component]
pub fn Palette() -> impl IntoView {
    let command = |(icon, label, keys, does)| {
        let (href, press, says) = match does {
            Does::Goes(href) => (Some(href), None, None),
            Does::Presses(selector) => (None, Some(selector), None),
            Does::Says(word) => (None, None, Some(word)),
        };
        let keys = (!str::is_empty(keys)).then(|| view! { <kbd>{keys}</kbd> });
        view! {
            <li
                role="option"
                class="menu-item"
                aria-selected="false"
                data-href=href
                data-press=press
                data-do=says
            >
                <Icon name=icon />
                <span class="palette-label">{label}</span>
                {keys}
            </li>
        }
    };
    view! {
        <dialog id=PALETTE class="dialog commands" aria-label="Commands" closedby="any">
            <input
                type="text"
                role="combobox"
                aria-label="Find a command or a note"
                placeholder="Find a command or a note"
                aria-expanded="true"
                aria-autocomplete="list"
                aria-controls=PALETTE_LIST
                autocomplete="off"
                spellcheck="false"
                maxlength=store::finding::MAX_QUERY_CHARS.to_string()
            />
            <ul id=PALETTE_LIST role="listbox" aria-label="Commands and notes">
                {commands().into_iter().map(command).collect_view()}
            </ul>
            <p class="empty" role="status"></p>
        </dialog>
        <template id=PALETTE_NOTE>
            <li role="option" class="menu-item" aria-selected="false">
                <Icon name="file-text" />
                <span class="palette-label"></span>
                <span class="palette-more"></span>
            </li>
        </template>
    }
}
