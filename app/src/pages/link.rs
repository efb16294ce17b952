//! [ssr] What a share link shows that is not followed by looking at it: a button,
//! and a field where it has a password.

use leptos::prelude::*;

use crate::document_shell::Head;

/// A link to be opened.
#[derive(Clone, Debug)]
pub struct LinkDoor {
    /// Its path, where the button posts to.
    pub path: String,
    /// Whether it asks for a password.
    pub wants_password: bool,
    /// Whether it lets in only so many.
    pub is_bounded: bool,
    /// What went wrong the last time.
    pub problem: Option<String>,
}

impl LinkDoor {
    pub(crate) fn head() -> Head {
        Head {
            title: "A note was shared with you".to_owned(),
            ..Head::default()
        }
    }
}

/// The whole page.
#[component]
pub fn LinkDoorPage(
    /// The link.
    door: LinkDoor,
) -> impl IntoView {
    let LinkDoor {
        path,
        wants_password,
        is_bounded,
        problem,
    } = door;
    let password = wants_password.then(|| {
        view! {
            <label class="field">
                <span>"Password"</span>
                <input
                    type="password"
                    name="password"
                    required=true
                    autofocus=true
                    autocomplete="off"
                    maxlength="512"
                />
            </label>
        }
    });
    let sentence = match (wants_password, is_bounded) {
        (true, _) => "It opens with the password you were given.",
        (false, true) => "This link opens it for so many people. Opening it counts you as one.",
        (false, false) => "Open it to read it here.",
    };
    view! {
        <main class="letter">
            <a class="wordmark" href="/">"Tandem"</a>
            <h1>"A note was shared with you"</h1>
            <p class="lead">{sentence}</p>
            <form method="post" action=path class="stack">
                {password}
                <p class="problem" role="alert">{problem}</p>
                <button type="submit" class="button button-filled button-large">"Open the note"</button>
            </form>
        </main>
    }
}
