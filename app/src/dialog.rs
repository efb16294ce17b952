//! Dialogs: the browser's own, so that focus is kept in, comes back, and Escape
//! closes.

use leptos::prelude::*;

use crate::icons::Icon;

/// A dialog with a heading and a way out; [`show`] opens it. A function and not a
/// component: a component's children would be of no type the compiler knows, and
/// cost the page a tenth of its size.
pub fn dialog(id: &'static str, title: &'static str, inside: impl IntoView) -> impl IntoView {
    let heading = format!("{id}-heading");
    let labelled_by = heading.clone();
    view! {
        <dialog id=id class="dialog" aria-labelledby=labelled_by>
            <header class="dialog-head">
                <h2 id=heading>{title}</h2>
                <button type="button" class="icon-button" aria-label="Close" on:click=move |_| close(id)>
                    <Icon name="x" />
                </button>
            </header>
            {inside}
        </dialog>
    }
}

/// Opens a dialog over the page.
pub fn show(id: &str) {
    #[cfg(feature = "hydrate")]
    if let Some(dialog) = find(id)
        && !dialog.open()
    {
        // With this a click beside it closes it, where the browser knows the attribute.
        let opened = dialog
            .set_attribute("closedby", "any")
            .and_then(|()| dialog.show_modal());
        if opened.is_err() {
            leptos::logging::warn!("the dialog {id} does not open");
        }
    }
    #[cfg(not(feature = "hydrate"))]
    let _no_page = id;
}

/// Closes a dialog.
pub fn close(id: &str) {
    #[cfg(feature = "hydrate")]
    if let Some(dialog) = find(id) {
        dialog.close();
    }
    #[cfg(not(feature = "hydrate"))]
    let _no_page = id;
}

#[cfg(feature = "hydrate")]
fn find(id: &str) -> Option<web_sys::HtmlDialogElement> {
    use wasm_bindgen::JsCast;
    document().get_element_by_id(id)?.dyn_into().ok()
}
