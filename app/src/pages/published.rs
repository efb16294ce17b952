//! [ssr] A published page: a note for everybody to read, under an address of its
//! own. Complete without scripts; what it shows names the note nowhere.

use leptos::prelude::*;
use realtime::{Key, Reading, Refusal, Wanted};
use store::publishing::{self, Publication, Slug};

use crate::document_shell::Head;
use crate::icons::Icon;
use crate::pages::contents::{Heading, headings};
use crate::reader::{ContentsButton, ReaderChip};
use crate::server::Services;

/// What of a published note is looked at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shown {
    /// The page.
    Page,
    /// The same as slides.
    Slides,
}

/// A published note as it was found and read.
#[derive(Clone, Debug)]
pub(crate) struct Found {
    pub(crate) publication: Publication,
    pub(crate) author: Option<String>,
    pub(crate) reading: Reading,
    pub(crate) origin: String,
}

impl Found {
    /// Looks an address up, and only then wakes the note.
    pub(crate) async fn load(services: &Services, slug: &Slug) -> Result<Self, Refusal> {
        let found = publishing::find(&*services.database, slug).await;
        let found = found.map_err(|error| {
            leptos::logging::warn!("a published page: {error}");
            Refusal::Storage
        })?;
        let page = found.ok_or(Refusal::NotFound)?;
        let note = Key::Note(page.note.0);
        Ok(Self {
            publication: page.publication,
            author: page.author,
            reading: services.rooms.read(&note, Wanted::HTML).await?,
            origin: services.origin.clone(),
        })
    }

    /// The page's address, from the root.
    pub(crate) fn path(&self) -> String {
        format!("/p/{}", self.publication.slug)
    }

    pub(crate) fn head(&self) -> Head {
        Head {
            title: self.reading.title.clone(),
            description: self.reading.excerpt.clone(),
            card: Some(format!("{}{}", self.origin, self.path())),
            listed: self.publication.listed,
            robots: self.reading.robots.clone(),
            ..Head::default()
        }
    }
}

/// The page.
#[derive(Clone, Debug)]
pub struct Published {
    pub(crate) found: Found,
}

impl Published {
    pub(crate) fn head(&self) -> Head {
        Head {
            reader: true,
            ..self.found.head()
        }
    }
}

/// The whole page.
#[component]
pub fn PublishedPage(
    /// What it shows.
    page: Published,
) -> impl IntoView {
    let Published { found } = page;
    let path = found.path();
    let Found {
        publication,
        author,
        reading,
        ..
    } = found;
    let Reading {
        title,
        html,
        revision,
        lang,
        ..
    } = reading;
    let slides = html.contains("<hr");
    // A note without a heading of the first rank has its title for one.
    let heading = (!html.contains("<h1")).then(|| view! { <h1 lang=lang.clone()>{title}</h1> });
    let by = author.map(|name| view! { <p class="published-by">{format!("By {name}")}</p> });
    let contents = publication.contents.then(|| contents(headings(&html)));
    let list = publication.contents.then(|| view! { <ContentsButton /> });
    let deck = slides.then(|| {
        view! {
            <a class="button" href=format!("{path}/slides")>
                <Icon name="presentation" />
                "Slides"
            </a>
        }
    });
    view! {
        <a class="skip-link" href="#view">"Skip to the text"</a>
        <header class="published-bar">
            <a class="wordmark" href="/">"Tandem"</a>
            <ReaderChip live="Live" />
            <span class="bar-space"></span>
            {list}
            {deck}
        </header>
        <main class="published">
            <div class="published-head">{heading} {by}</div>
            {contents}
            <article
                id="view"
                class="prose"
                lang=lang
                tabindex="-1"
                data-key=path
                data-revision=revision.to_string()
                inner_html=html
            ></article>
        </main>
    }
}

fn contents(headings: Vec<Heading>) -> impl IntoView {
    let row = |heading: Heading| {
        view! {
            <li class=format!("rank-{}", heading.rank)>
                <a href=format!("#{}", heading.id) inner_html=heading.text></a>
            </li>
        }
    };
    // One heading is the title.
    (headings.len() > 1).then(|| {
        view! {
            <nav class="published-contents no-scripts" aria-labelledby="published-contents">
                <details>
                    <summary id="published-contents">"Contents"</summary>
                    <ol>{headings.into_iter().map(row).collect_view()}</ol>
                </details>
            </nav>
        }
    })
}
