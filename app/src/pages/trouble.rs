//! [ssr] Pages for what is not there and what went wrong: a sentence, and a way on.

use leptos::either::Either;
use leptos::prelude::*;
use uuid::Uuid;

use crate::document_shell::Head;

/// What happened, in words.
#[derive(Clone, Debug)]
pub struct Trouble {
    title: String,
    sentence: String,
    door: Option<Door>,
}

/// What may help at a note that does not open.
#[derive(Clone, Debug)]
struct Door {
    note: Uuid,
    /// Access was asked for just now.
    asked: bool,
}

impl Trouble {
    pub(crate) fn new(title: String, sentence: String) -> Self {
        Self {
            title,
            sentence,
            door: None,
        }
    }

    /// Nothing here may depend on whether there is such a note.
    pub(crate) fn missing_note(note: Uuid, asked: bool) -> Self {
        Self {
            door: Some(Door { note, asked }),
            ..Self::missing()
        }
    }

    pub(crate) fn missing() -> Self {
        Self::new(
            "Nothing here".to_owned(),
            "There is no note here, or it is not shared with you.".to_owned(),
        )
    }

    pub(crate) fn head(&self) -> Head {
        Head {
            title: self.title.clone(),
            description: self.sentence.clone(),
            ..Head::default()
        }
    }
}

/// The whole of such a page.
#[component]
pub fn TroublePage(
    /// What happened.
    trouble: Trouble,
) -> impl IntoView {
    view! {
        <main class="letter">
            <a class="wordmark" href="/">"Tandem"</a>
            <h1>{trouble.title}</h1>
            <p class="lead">{trouble.sentence}</p>
            {trouble.door.map(ways_in)}
            <p class="ways-on">
                <a class="button" href="/">"Go home"</a>
            </p>
        </main>
    }
}

/// Ask for access, or sign in.
fn ways_in(door: Door) -> impl IntoView {
    let Door { note, asked } = door;
    let ask = if asked {
        Either::Left(view! {
            <p role="status">
                "If there is a note here, its owner was asked. You hear of it when they let you in."
            </p>
        })
    } else {
        Either::Right(view! {
            <form method="post" action="/api/fn/ask_access">
                <input type="hidden" name="note" value=note.to_string() />
                <button type="submit" class="button button-filled">"Ask for access"</button>
            </form>
        })
    };
    view! {
        <div class="ways-on">
            {ask}
            <a class="button" href=format!("/sign-in?next=/note/{note}")>"Sign in"</a>
        </div>
    }
}
