//! [ssr] Pages for what is not there and what went wrong: a sentence, and a way on.

use leptos::prelude::*;

use crate::document_shell::Head;

/// What happened, in words.
#[derive(Clone, Debug)]
pub struct Trouble {
    title: String,
    sentence: String,
}

impl Trouble {
    pub(crate) fn new(title: String, sentence: String) -> Self {
        Self { title, sentence }
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
            <p class="ways-on">
                <a class="button" href="/">"Go home"</a>
            </p>
        </main>
    }
}
