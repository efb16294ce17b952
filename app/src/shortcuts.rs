//! The sheet of keyboard shortcuts, and the key that opens it.

use leptos::prelude::*;

use crate::dialog::dialog;

/// The sheet's id.
pub const SHORTCUTS_DIALOG: &str = "shortcuts";

const KEYS: [(&str, &str); 12] = [
    ("Bold", "Ctrl+B"),
    ("Italic", "Ctrl+I"),
    ("Code", "Ctrl+E"),
    ("Strike", "Ctrl+Shift+X"),
    ("Link", "Ctrl+K"),
    ("Undo my change", "Ctrl+Z"),
    ("Redo", "Ctrl+Y"),
    ("Move line", "Alt+↑ ↓"),
    ("Edit alone", "Ctrl+Alt+E"),
    ("Both panes", "Ctrl+Alt+B"),
    ("View alone", "Ctrl+Alt+V"),
    ("Leave the editor", "Esc, then Tab"),
];

/// The sheet; `?` opens it outside of text.
#[component]
pub fn Shortcuts() -> impl IntoView {
    #[cfg(feature = "hydrate")]
    browser::listen();
    let row = |(what, keys): (&'static str, &'static str)| {
        view! { <div><dt>{what}</dt><dd><kbd>{keys}</kbd></dd></div> }
    };
    let inside = view! {
        <dl class="shortcuts">{KEYS.map(row)}</dl>
        <p class="aside">"On a Mac, Ctrl in the text keys is ⌘."</p>
    };
    dialog(SHORTCUTS_DIALOG, "Keyboard shortcuts", inside)
}

#[cfg(feature = "hydrate")]
mod browser {
    use leptos::ev;
    use leptos::prelude::*;

    use super::SHORTCUTS_DIALOG;
    use crate::dialog;

    pub(super) fn listen() {
        let listening = window_event_listener(ev::keydown, |event| {
            if event.key() == "?" && !is_in_text() {
                dialog::show(SHORTCUTS_DIALOG);
            }
        });
        on_cleanup(move || listening.remove());
    }

    /// Whether what is typed goes into a text.
    fn is_in_text() -> bool {
        let focused = document().active_element();
        focused.is_some_and(|element| {
            element
                .closest("input, textarea, [contenteditable='true']")
                .ok()
                .flatten()
                .is_some()
        })
    }
}
