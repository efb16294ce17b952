//! Text that an earlier page kept on this device and that could not be merged: it
//! stands over the note until its reader took it or has no more use for it. What is of a
//! note that is gone stands at home.

use leptos::prelude::*;
use realtime::{Apart, WhyApart};

use crate::session::Session;

/// Characters of a text that say which it is.
const MAX_BEGINNING: usize = 60;

/// What is kept, a strip for each page that kept something.
#[island]
pub fn KeptText() -> impl IntoView {
    let apart = Session::of_page().apart;
    let strips = move || apart.get().into_iter().map(strip).collect_view();
    view! {
        <div class="leader kept-texts needs-scripts" role="status">
            {strips}
        </div>
    }
}

/// One of them, with what can be done with it.
fn strip(apart: Apart) -> impl IntoView {
    let said = RwSignal::new("Copy text");
    let sure = RwSignal::new(false);
    let words = sentence(apart.why, apart.edits, &apart.text);
    let apart = StoredValue::new(apart);
    let copy = move |_| apart.with_value(|apart| act::copy(&apart.text, said));
    let download = move |_| apart.with_value(|apart| act::download(&apart.text));
    let delete = move |_| {
        if sure.get_untracked() {
            apart.with_value(|apart| act::discard(&apart.page));
        }
        sure.set(true);
    };
    view! {
        <div class="news-item kept-text">
            <p>{words}</p>
            <span class="kept-buttons">
                <button type="button" class="button" on:click=copy>
                    {move || said.get()}
                </button>
                <button type="button" class="button" on:click=download>
                    "Download"
                </button>
                <button type="button" class="button" on:click=delete>
                    {move || if sure.get() { "Delete for good" } else { "Delete" }}
                </button>
            </span>
        </div>
    }
}

/// What happened, and where the text is.
fn sentence(why: WhyApart, edits: u32, text: &str) -> String {
    let changes = match edits {
        1 => "1 change".to_owned(),
        more => format!("{more} changes"),
    };
    let why = match why {
        WhyApart::OtherDocument => "This note was made anew since you wrote here.".to_owned(),
        WhyApart::OtherPerson => {
            return format!(
                "{changes} that somebody else made in this browser could not be merged. The text is kept on this device."
            );
        }
        WhyApart::NotAllowed => "You can now only view this note.".to_owned(),
        WhyApart::Gap => "What you wrote builds on text that is gone.".to_owned(),
        WhyApart::Refused => "The server did not take what you wrote.".to_owned(),
        // Beside others, so it says which it is; and the one to whom it is shared may be signed out.
        WhyApart::Gone => format!(
            "“{}” is gone, or not shared with who you are here now.",
            beginning(text)
        ),
    };
    format!("{why} Your text with {changes} that could not be merged is kept on this device.")
}

/// How a text begins.
fn beginning(text: &str) -> String {
    let line = text.lines().find(|line| !line.trim().is_empty());
    let line = line.unwrap_or("A note that you wrote in").trim();
    let line = line.trim_start_matches('#').trim_start();
    match line.char_indices().nth(MAX_BEGINNING) {
        Some((end, _)) => [line.get(..end).unwrap_or_default(), "…"].concat(),
        None => line.to_owned(),
    }
}

#[cfg(feature = "hydrate")]
mod act {
    use leptos::prelude::*;
    use leptos::task::spawn_local;
    use wasm_bindgen_futures::JsFuture;

    use crate::editor::with_page;

    /// Puts a text into the clipboard, and says on the button whether that worked.
    pub(super) fn copy(text: &str, said: RwSignal<&'static str>) {
        let copied = window().navigator().clipboard().write_text(text);
        spawn_local(async move {
            let copied = JsFuture::from(copied).await.is_ok();
            said.set(if copied {
                "Text copied"
            } else {
                "Download it instead"
            });
        });
    }

    pub(super) fn download(text: &str) {
        if crate::download::markdown("kept.md", text).is_none() {
            leptos::logging::warn!("the copy could not be made");
        }
    }

    pub(super) fn discard(page: &str) {
        with_page(|open| open.client().discard(page));
        crate::offline::discard(page);
    }
}

#[cfg(not(feature = "hydrate"))]
mod act {
    //! On the server nothing is kept, so there is nothing to do.

    use leptos::prelude::RwSignal;

    pub(super) fn copy(_text: &str, _said: RwSignal<&'static str>) {}

    pub(super) fn download(_text: &str) {}

    pub(super) fn discard(_page: &str) {}
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_says_what_happened_and_where_the_text_is() {
        let reasons = [
            WhyApart::OtherDocument,
            WhyApart::OtherPerson,
            WhyApart::NotAllowed,
            WhyApart::Gap,
            WhyApart::Refused,
            WhyApart::Gone,
        ];
        for why in reasons {
            let said = sentence(why, 2, "# Tea\nfor two");
            assert!(said.contains("2 changes"), "{said}");
            assert!(said.ends_with("kept on this device."), "{said}");
        }
        assert!(sentence(WhyApart::Gap, 1, "").contains("1 change that"));
        assert!(sentence(WhyApart::Gone, 1, "\n# Tea\nfor two").starts_with("“Tea” is gone"));
        let long = sentence(WhyApart::Gone, 1, &"é".repeat(100));
        assert!(long.contains(&format!("{}…”", "é".repeat(MAX_BEGINNING))));
    }
}
