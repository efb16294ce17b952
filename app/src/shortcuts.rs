//! [ssr] The sheet of keyboard shortcuts.

use leptos::prelude::*;

use crate::dialog::{Dialog, SHORTCUTS_DIALOG};

const KEYS: [(&str, &str); 19] = [
    ("Commands and notes", "Ctrl+K"),
    ("This sheet", "? or Ctrl+/"),
    ("New note", "N"),
    ("Search", "/"),
    ("Home", "D"),
    ("Bold", "Ctrl+B"),
    ("Italic", "Ctrl+I"),
    ("Code", "Ctrl+E"),
    ("Strike", "Ctrl+Shift+X"),
    ("Link from what is selected", "Ctrl+K"),
    ("Indent, outdent", "Tab, Shift+Tab"),
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
            <p class="aside">"Single letters and signs work outside of text. On a Mac, Ctrl in the text keys is ⌘."</p>
        </Dialog>
    }
}
