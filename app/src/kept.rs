//! [hydrate] Small choices kept in this browser. Where storage is off or full,
//! a choice lasts as long as the page, and nothing else is different.

/// Reads a choice.
pub(crate) fn read(name: &str) -> Option<String> {
    storage()?.get_item(name).ok().flatten()
}

/// Keeps a choice, if it can be kept.
pub(crate) fn write(name: &str, choice: &str) {
    if let Some(storage) = storage()
        && storage.set_item(name, choice).is_err()
    {
        leptos::logging::log!("{name} is not kept: the storage of this browser is full");
    }
}

fn storage() -> Option<web_sys::Storage> {
    web_sys::window()?.local_storage().ok().flatten()
}
