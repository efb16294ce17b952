//! The title, editable in place: a form with one field that looks like text.
//! Leaving the field saves, Enter leaves it, Escape puts the title back; empty
//! goes back to the note's first heading.

/// The field's id.
pub const TITLE_FIELD: &str = "title";

/// The field as the server renders it.
#[cfg(feature = "ssr")]
pub mod field {
    use leptos::prelude::*;
    use realtime::MAX_TITLE_CHARS;
    use uuid::Uuid;

    use super::TITLE_FIELD;

    /// The id of what says how long a title may be.
    const TITLE_LIMIT: &str = "title-limit";
    /// So many characters before the limit it is said.
    const TOLD_CHARS: usize = 20;

    /// The title as a form.
    #[component]
    pub fn TitleField(
        /// The note.
        note: Uuid,
        /// The title now.
        title: String,
    ) -> impl IntoView {
        // A long one is no error yet: the pattern has the style say the limit, no more.
        let pattern = format!(".{{0,{}}}", MAX_TITLE_CHARS - TOLD_CHARS);
        view! {
            <form class="title-form" method="post" action="/api/fn/set_title" data-quiet="" novalidate=true>
                <input type="hidden" name="note" value=note.to_string() />
                <h1 class="title-head">
                    <input
                        id=TITLE_FIELD
                        class="title-field"
                        type="text"
                        name="title"
                        value=title
                        aria-label="Title"
                        placeholder="Untitled"
                        autocomplete="off"
                        enterkeyhint="done"
                        maxlength=MAX_TITLE_CHARS.to_string()
                        pattern=pattern
                        aria-describedby=TITLE_LIMIT
                    />
                </h1>
                <p id=TITLE_LIMIT class="title-limit">
                    {format!("A title has at most {MAX_TITLE_CHARS} characters.")}
                </p>
            </form>
        }
    }
}

#[cfg(feature = "ssr")]
pub use field::TitleField;

#[cfg(feature = "hydrate")]
pub(crate) use browser::{listen, refused, show};

#[cfg(feature = "hydrate")]
mod browser {
    use leptos::ev;
    use leptos::prelude::{document, window_event_listener};
    use wasm_bindgen::JsCast;
    use web_sys::{Event, HtmlInputElement};

    use super::TITLE_FIELD;
    use crate::editor::with_page;
    use crate::markup::is_composing;

    /// Makes the field behave, as long as the page lives.
    pub(crate) fn listen() {
        // Both handles are dropped without being removed: the page ends with them.
        drop(window_event_listener(ev::keydown, |event| {
            let Some(field) = target(&event).filter(|_| !is_composing(&event)) else {
                return;
            };
            match event.key().as_str() {
                "Enter" => {
                    // Or the caret would be in the source when the key makes its new line.
                    event.prevent_default();
                    leave(&field);
                    with_page(|page| page.focus());
                }
                "Escape" => {
                    field.set_value(&field.default_value());
                    leave(&field);
                }
                _ => {}
            }
        }));
        // The browser says so once, when the field is left with another text.
        drop(window_event_listener(ev::change, |event| {
            let form = target(&event).and_then(|field| field.form());
            if let Some(form) = form
                && form.request_submit().is_err()
            {
                leptos::logging::warn!("the title's form cannot be sent");
            }
        }));
    }

    /// Shows a title that was set, unless one is being typed, in the field and in
    /// the tab.
    pub(crate) fn show(title: &str) {
        crate::tab_title::set_title(title);
        let Some(field) = field() else {
            if let Some(page) = document().document_element() {
                let shown = if title.is_empty() { "Untitled" } else { title };
                crate::markup::write(&page, ".title-text", shown);
            }
            return;
        };
        let untouched = field.value() == field.default_value();
        let focused = document()
            .active_element()
            .is_some_and(|focused| &focused == field.as_ref());
        field.set_default_value(title);
        if untouched || !focused {
            field.set_value(title);
        }
        mark(&field, "");
    }

    /// Says why a title was not taken.
    pub(crate) fn refused(sentence: &str) {
        if let Some(field) = field() {
            mark(&field, sentence);
        }
    }

    fn mark(field: &HtmlInputElement, problem: &str) {
        field.set_title(problem);
        let invalid = if problem.is_empty() { "false" } else { "true" };
        if field.set_attribute("aria-invalid", invalid).is_err() {
            leptos::logging::warn!("{problem}");
        }
    }

    fn field() -> Option<HtmlInputElement> {
        document().get_element_by_id(TITLE_FIELD)?.dyn_into().ok()
    }

    fn target(event: &Event) -> Option<HtmlInputElement> {
        let element = event.target()?.dyn_into::<HtmlInputElement>().ok()?;
        (element.id() == TITLE_FIELD).then_some(element)
    }

    fn leave(field: &HtmlInputElement) {
        if field.blur().is_err() {
            leptos::logging::warn!("the title cannot be left");
        }
    }
}
