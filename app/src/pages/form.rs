//! [ssr] A note's source as a plain form: for a browser without scripts, or
//! without a socket. What others changed meanwhile stays; the room merges.

use leptos::prelude::*;
use realtime::{Refusal, Wanted};
use uuid::Uuid;

use crate::document_shell::Head;
use crate::server::{Services, Visitor, open};

/// The form, with the text it starts from.
#[derive(Clone, Debug)]
pub struct Form {
    id: Uuid,
    title: String,
    /// The text that what is typed is compared with.
    base: String,
    text: String,
    /// Why it was not saved.
    problem: Option<String>,
}

impl Form {
    pub(crate) async fn load(
        services: &Services,
        visitor: &Visitor,
        id: Uuid,
    ) -> Result<Self, Refusal> {
        let opened = open(services, visitor, id).await?;
        if !opened.role.may(store::Action::Write) {
            return Err(Refusal::NotAllowed);
        }
        let reading = services.rooms.read(&opened.key, Wanted::TEXT).await?;
        Ok(Self {
            id,
            title: reading.title,
            base: reading.text.clone(),
            text: reading.text,
            problem: None,
        })
    }

    pub(crate) fn unsaved(id: Uuid, base: String, text: String, problem: String) -> Self {
        Self {
            id,
            title: "Not saved".to_owned(),
            base,
            text,
            problem: Some(problem),
        }
    }

    pub(crate) fn head(&self) -> Head {
        Head {
            title: format!("Edit {}", self.title),
            ..Head::default()
        }
    }
}

/// The whole page.
#[component]
pub fn FormPage(
    /// The form.
    form: Form,
) -> impl IntoView {
    let Form {
        id,
        title,
        base,
        text,
        problem,
    } = form;
    let problem = problem.map(|why| format!("{why} What you wrote is here, and not in the note."));
    // A parser drops the first line end in a textarea, so one is put there to drop.
    // Leptos writes a textarea's children as they are; so what could end it is escaped here.
    let shown = format!("\n{}", text.replace('&', "&amp;").replace('<', "&lt;"));
    view! {
        <main class="form-page">
            <header class="form-head">
                <a class="wordmark" href="/">"Tandem"</a>
                <h1>{title}</h1>
            </header>
            <p class="problem" role="alert">{problem}</p>
            <form method="post" action="/api/fn/edit_note" class="edit-form">
                <input type="hidden" name="note" value=id.to_string() />
                <input type="hidden" name="base" value=base />
                <label class="visually-hidden" for="text">"Note source"</label>
                <textarea id="text" name="text" rows="30" spellcheck="true" inner_html=shown></textarea>
                <p class="ways-on">
                    <button type="submit" class="button button-filled">"Save"</button>
                    <a class="button" href=format!("/note/{id}")>"Back without saving"</a>
                </p>
                <p class="aside">"Others may write at the same time. What they change stays."</p>
            </form>
        </main>
    }
}
