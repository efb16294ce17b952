//! What buttons ask of the open page. On the server, where there is none, each
//! does nothing: an island is compiled for both sides.

/// Tries to connect at once.
pub fn retry_now() {
    #[cfg(feature = "hydrate")]
    crate::editor::with_page(|page| page.client().retry_now());
}

/// Puts the caret into the source.
pub fn focus_source() {
    #[cfg(feature = "hydrate")]
    crate::editor::with_page(|page| page.focus());
}

/// Saves the text as this window has it as a file: also what is not sent yet.
pub fn download_copy() {
    #[cfg(feature = "hydrate")]
    crate::editor::with_page(|page| {
        if crate::download::markdown("note.md", &page.client().text()).is_none() {
            leptos::logging::warn!("the copy could not be made");
        }
    });
}

/// Prints the view.
pub fn print() {
    #[cfg(feature = "hydrate")]
    if leptos::prelude::window().print().is_err() {
        leptos::logging::warn!("this browser does not print");
    }
}

/// Colours the page as said, at once.
pub fn show_theme(theme: crate::theme::Theme) {
    #[cfg(feature = "hydrate")]
    if let Some(root) = leptos::prelude::document().document_element()
        && root.set_attribute("data-theme", theme.as_str()).is_err()
    {
        leptos::logging::warn!("the theme could not be shown");
    }
    #[cfg(not(feature = "hydrate"))]
    let _nothing_to_colour = theme;
}

/// Copies a text for pasting elsewhere; `done` is told whether it worked.
pub fn copy(text: String, done: impl FnOnce(bool) + 'static) {
    #[cfg(feature = "hydrate")]
    leptos::task::spawn_local(async move {
        let clipboard = leptos::prelude::window().navigator().clipboard();
        let copied = wasm_bindgen_futures::JsFuture::from(clipboard.write_text(&text)).await;
        done(copied.is_ok());
    });
    #[cfg(not(feature = "hydrate"))]
    drop((text, done));
}
