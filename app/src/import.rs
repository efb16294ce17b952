//! Import: Markdown files that are dropped on home, or chosen, become notes, and so do
//! those in a zip. Each is sent by itself and has a line that says what became of it.

#[cfg(feature = "hydrate")]
mod files;
#[cfg(feature = "hydrate")]
mod send;
#[cfg(feature = "hydrate")]
mod zip;

#[cfg(feature = "ssr")]
use leptos::prelude::*;

#[cfg(feature = "hydrate")]
pub(crate) use files::listen;

/// Where files can be dropped.
pub const HOME: &str = "home";
/// The field that files are chosen in.
pub const IMPORT_FILES: &str = "import-files";
/// The lines that say what became of files.
pub const IMPORT_LINES: &str = "import-lines";
/// The way to the notes, when files became some.
pub const IMPORT_DONE: &str = "import-done";
/// One of these lines.
pub const IMPORT_LINE: &str = "import-line";

/// Most files that are taken at once.
pub const MAX_FILES: u32 = 100;
/// Most files that are taken of one zip.
pub const MAX_ZIPPED: u32 = 1_000;

/// The button that chooses files.
#[cfg(feature = "ssr")]
#[component]
pub fn ImportButton() -> impl IntoView {
    use crate::icons::Icon;
    view! {
        <label class="icon-button needs-scripts" title="Import Markdown files, or a zip of them">
            <Icon name="file-up" />
            <input
                type="file"
                id=IMPORT_FILES
                class="visually-hidden"
                multiple=true
                accept=".md,.markdown,.zip,text/markdown,application/zip"
                aria-label="Import Markdown files, or a zip of them"
            />
        </label>
    }
}

/// Where it is said what became of files.
#[cfg(feature = "ssr")]
pub(crate) fn places() -> impl IntoView {
    view! {
        <ul
            id=IMPORT_LINES
            class="import"
            aria-label="Import"
            aria-live="polite"
            hidden=true
            data-most=note::MAX_TEXT_BYTES.to_string()
            data-zip=crate::document_shell::asset("zip.js")
        ></ul>
        <p id=IMPORT_DONE class="import-done" hidden=true>
            <a class="button" href="/">
                "Show them in the list"
            </a>
        </p>
        <template id=IMPORT_LINE>
            <li>
                <a class="import-name"></a>
                <span class="import-said"></span>
            </li>
        </template>
    }
}
