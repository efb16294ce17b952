//! [ssr] A note as slides: the view, cut where it has a line across. Without
//! scripts they stand one below the other; with them one is shown at a time, and
//! who presents takes the others along.

use leptos::prelude::*;
use realtime::{Reading, Refusal, Wanted};
use store::publishing::{self, Publication};
use store::{Action, NoteId};
use uuid::Uuid;

use crate::document_shell::Head;
use crate::icons::Icon;
use crate::pages::published::Found;
use crate::server::{Services, Visitor, open};

/// What says where an audience sees the slides.
const AUDIENCE: &str = "audience";

/// Slides, and what somebody may do with them.
#[derive(Clone, Debug)]
pub struct Slides {
    /// What its socket joins.
    key: String,
    /// Where closing the slides goes.
    back: String,
    reading: Reading,
    head: Head,
    /// Where an audience sees them, and the picture of it; for who may present.
    presenting: Option<(String, String)>,
}

/// Where an audience sees the slides of a note: on its page, if it has one.
#[must_use]
pub fn audience(note: Uuid, publication: Option<&Publication>) -> String {
    match publication {
        Some(publication) => format!("/p/{}/slides", publication.slug),
        None => format!("/note/{note}/slides"),
    }
}

impl Slides {
    /// Of a note, for who may open it.
    pub(crate) async fn load(
        services: &Services,
        visitor: &Visitor,
        id: Uuid,
    ) -> Result<Self, Refusal> {
        let opened = open(services, visitor, id).await?;
        let publication = publishing::of(&*services.database, NoteId(id)).await;
        let publication = publication.map_err(|error| {
            leptos::logging::warn!("slides of a note: {error}");
            Refusal::Storage
        })?;
        let reading = services.rooms.read(&opened.key, Wanted::HTML).await?;
        let place = audience(id, publication.as_ref());
        let presenting = opened.role.may(Action::Lead).then(|| {
            let address = format!("{}{place}", services.origin);
            (address, format!("/note/{id}/slides.svg"))
        });
        Ok(Self {
            key: opened.key.to_string(),
            back: format!("/note/{id}"),
            head: Head {
                title: reading.title.clone(),
                description: reading.excerpt.clone(),
                slides: true,
                ..Head::default()
            },
            reading,
            presenting,
        })
    }

    /// Of a published page, for everybody.
    pub(crate) fn of_page(found: Found) -> Self {
        let path = found.path();
        Self {
            key: format!("{path}/slides"),
            back: path,
            head: Head {
                slides: true,
                ..found.head()
            },
            reading: found.reading,
            presenting: None,
        }
    }

    pub(crate) fn head(&self) -> Head {
        self.head.clone()
    }
}

/// The whole page.
#[component]
pub fn SlidesPage(
    /// What it shows.
    slides: Slides,
) -> impl IntoView {
    let Slides {
        key,
        back,
        reading,
        presenting,
        ..
    } = slides;
    let heading = (!reading.html.contains("<h1")).then(
        || view! { <h1 class="visually-hidden" lang=reading.lang.clone()>{reading.title}</h1> },
    );
    let presenting = presenting.map(|(address, code)| {
        view! {
            <button
                type="button"
                class="button needs-scripts"
                id="present"
                aria-pressed="false"
                title="Everybody who has the slides open sees the one you show"
            >
                "Present"
            </button>
            <button type="button" class="button" popovertarget=AUDIENCE>
                "Audience"
            </button>
            <div id=AUDIENCE class="popover deck-audience" popover="auto">
                <p>"Whoever opens this sees the slide you present."</p>
                <img
                    src=code
                    alt="QR code of the address of the slides"
                    width="220"
                    height="220"
                    loading="lazy"
                />
                <p class="deck-address">{address}</p>
            </div>
        }
    });
    view! {
        <main class="slides">
            {heading}
            <article
                id="view"
                class="prose deck"
                lang=reading.lang
                aria-label="Slides"
                data-key=key
                data-revision=reading.revision.to_string()
                inner_html=reading.html
            ></article>
        </main>
        <footer class="deck-bar">
            <a class="icon-button" id="deck-close" href=back aria-label="Close the slides" title="Close (Esc)">
                <Icon name="x" />
            </a>
            <span class="deck-said" id="deck-said" role="status"></span>
            <button type="button" class="button needs-scripts" id="in-step" hidden=true>
                "Back in step"
            </button>
            {presenting}
            <span class="deck-turn needs-scripts">
                <button
                    type="button"
                    class="icon-button"
                    id="deck-back"
                    aria-label="Slide before"
                    title="Slide before (←)"
                >
                    <Icon name="arrow-left" />
                </button>
                <span class="deck-progress" id="deck-progress" aria-live="polite"></span>
                <button
                    type="button"
                    class="icon-button deck-next"
                    id="deck-next"
                    aria-label="Next slide"
                    title="Next slide (→)"
                >
                    <Icon name="arrow-left" />
                </button>
            </span>
        </footer>
    }
}
