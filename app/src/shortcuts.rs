//! [ssr] The sheet of keyboard shortcuts.

use leptos::prelude::*;

use crate::dialog::{Dialog, SHORTCUTS_DIALOG};

const KEYS: [(&str, &str); 13] = [
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
    ("Chat", "Alt+C"),
    ("Leave the editor", "Esc, then Tab"),
];

/// The sheet; `?` opens it outside of text.
#[component]
pub fn Shortcuts() -> impl IntoView {
    let row = |(what, keys): (&'static str, &'static str)| {
        view! {
            <div>
                <dt>{what}</dt>
                <dd>
                    <kbd>{keys}</kbd>
                </dd>
            </div>
        }
    };
    view! {
        <Dialog id=SHORTCUTS_DIALOG title="Keyboard shortcuts">
            <dl class="shortcuts">{KEYS.map(row)}</dl>
            <p class="aside">"On a Mac, Ctrl in the text keys is ⌘."</p>
        </Dialog>
    }
}
