//! The title, editable in place: a field that looks like text. Without scripts it
//! is a form with one field.

use leptos::prelude::*;
use realtime::MAX_TITLE_CHARS;
use uuid::Uuid;

use crate::actions::set_title;
use crate::session::Session;

/// The title's field. Enter or leaving it saves, Escape puts it back; empty goes
/// back to the note's first heading.
#[island]
pub fn TitleField(
    /// The note.
    note: Uuid,
    /// The title as served.
    title: String,
) -> impl IntoView {
    let session = Session::of_page();
    let saved = RwSignal::new(title.clone());
    let typed = RwSignal::new(title.clone());
    let failed = RwSignal::new(None::<String>);
    follow(&session, saved, typed);
    let save = move || {
        let (before, wanted) = (saved.get_untracked(), typed.get_untracked());
        if wanted == before {
            return;
        }
        // Taken for saved until it is refused, so that leaving the field asks no second time.
        saved.set(wanted.clone());
        leptos::task::spawn_local(async move {
            match set_title(note, wanted).await {
                Ok(shown) => {
                    failed.set(None);
                    saved.set(shown.clone());
                    typed.set(shown);
                }
                Err(error) => {
                    failed.set(Some(error.to_string()));
                    saved.set(before);
                }
            }
        });
    };
    let on_key = move |event: leptos::ev::KeyboardEvent| match event.key().as_str() {
        "Escape" => typed.set(saved.get_untracked()),
        "Enter" => {
            // Or the caret would be in the source when the key makes its new line.
            event.prevent_default();
            save();
            crate::commands::focus_source();
        }
        _ => {}
    };
    view! {
        <form
            class="title-form"
            method="post"
            action="/api/fn/set_title"
            on:submit=move |event| {
                event.prevent_default();
                save();
            }
        >
            <input type="hidden" name="note" value=note.to_string() />
            <input
                class="title-field"
                type="text"
                name="title"
                value=title
                aria-label="Title"
                placeholder="Untitled"
                autocomplete="off"
                enterkeyhint="done"
                maxlength=MAX_TITLE_CHARS.to_string()
                title=move || failed.get().unwrap_or_default()
                aria-invalid=move || failed.get().is_some().then_some("true")
                prop:value=typed
                on:input=move |event| typed.set(event_target_value(&event))
                on:keydown=on_key
                on:blur=move |_| save()
            />
        </form>
    }
}

/// Takes over titles that others set, unless this one is being typed, and keeps
/// the tab's title in step.
fn follow(session: &Session, saved: RwSignal<String>, typed: RwSignal<String>) {
    let told = session.title.clone();
    Effect::new(move |_| {
        let Some(title) = told.get() else { return };
        #[cfg(feature = "hydrate")]
        document().set_title(&format!("{title} · Tandem"));
        let untouched = typed.get_untracked() == saved.get_untracked();
        saved.set(title.clone());
        if untouched {
            typed.set(title);
        }
    });
}
