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
pub(crate) use browser::{greeted, listen, refused, saved, show};

#[cfg(feature = "hydrate")]
mod browser {
    use leptos::ev;
    use leptos::prelude::{document, window_event_listener};
    use wasm_bindgen::JsCast;
    use web_sys::{Event, HtmlInputElement};

    use super::TITLE_FIELD;
    use crate::editor::with_page;
    use crate::markup::{is_composing, set};

    /// On the field: the title that there was when one was not taken.
    const BEFORE: &str = "data-before";

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
                    mark(&field, "");
                    leave(&field);
                }
                _ => {}
            }
        }));
        // The browser says so once, when the field is left with another text.
        drop(window_event_listener(ev::change, |event| {
            if let Some(field) = target(&event) {
                send(&field);
            }
        }));
    }

    /// There is a line again: a title that was not taken is sent once more, if nobody set
    /// another one since and it is not being typed.
    pub(crate) fn greeted(title: &str) {
        show(title);
        let is_due = |field: &HtmlInputElement| {
            was_refused(field)
                && !is_focused(field)
                && field.get_attribute(BEFORE).as_deref() == Some(title)
        };
        if let Some(field) = field().filter(is_due) {
            send(&field);
        }
    }

    fn send(field: &HtmlInputElement) {
        if let Some(form) = field.form()
            && form.request_submit().is_err()
        {
            leptos::logging::warn!("the title's form cannot be sent");
        }
    }

    /// The title that was sent from here is set.
    pub(crate) fn saved(title: &str) {
        if let Some(field) = field() {
            mark(&field, "");
        }
        show(title);
    }

    /// Shows a title that was set, in the tab and in the field, unless one is being typed
    /// there or was not taken.
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
        field.set_default_value(title);
        if untouched || !(is_focused(&field) || was_refused(&field)) {
            field.set_value(title);
        }
    }

    /// Says why a title was not taken.
    pub(crate) fn refused(sentence: &str) {
        if let Some(field) = field() {
            mark(&field, sentence);
        }
    }

    fn is_focused(field: &HtmlInputElement) -> bool {
        let focused = document().active_element();
        focused.is_some_and(|focused| &focused == field.as_ref())
    }

    fn was_refused(field: &HtmlInputElement) -> bool {
        field.get_attribute("aria-invalid").as_deref() == Some("true")
    }

    fn mark(field: &HtmlInputElement, problem: &str) {
        if !was_refused(field) {
            set(field, BEFORE, &field.default_value());
        }
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
