//! Dialogs: the browser's own, opened and closed by its own commands, so
//! that they work before any script does, keep the focus in, and give it back.

#[cfg(feature = "ssr")]
use {crate::icons::Icon, leptos::prelude::*};

/// The dialog with my name and colour.
pub const ME_DIALOG: &str = "me";
/// The dialog with the link.
pub const SHARE_DIALOG: &str = "share";
/// Which notifications somebody wants.
pub const BELL_SETTINGS_DIALOG: &str = "bell-settings";
/// The sheet of keyboard shortcuts.
pub const SHORTCUTS_DIALOG: &str = "shortcuts";

/// A dialog with a heading and a way out. A button with `command="show-modal"`
/// and `commandfor` its id opens it.
#[cfg(feature = "ssr")]
#[component]
pub fn Dialog<C: IntoView + 'static>(
    /// Its id in the document.
    id: &'static str,
    /// Its heading.
    title: &'static str,
    /// What it holds.
    children: TypedChildren<C>,
) -> impl IntoView {
    let heading = format!("{id}-heading");
    let labelled_by = heading.clone();
    view! {
        <dialog id=id class="dialog" aria-labelledby=labelled_by closedby="any">
            <div class="dialog-head">
                <h2 id=heading>{title}</h2>
                <button
                    type="button"
                    class="icon-button"
                    aria-label="Close"
                    command="close"
                    commandfor=id
                >
                    <Icon name="x" />
                </button>
            </div>
            {children.into_inner()()}
        </dialog>
    }
}
