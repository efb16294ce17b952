//! [ssr] Home: what this is, and my notes. For who comes for the first time it has
//! no scripts at all; for the others there is the bell. Every list is an address:
//! sections, tags, orders, searches and pages are links and one form.

mod filters;
mod rows;

use leptos::either::{Either, EitherOf3};
use leptos::prelude::*;
use store::NoteId;
use store::finding::{Overview, Page, Section};
use uuid::Uuid;

use crate::bell::Bell;
use crate::document_shell::{Head, Islands};
use crate::icons::Icon;
use crate::import::{self, ImportButton};
use crate::kept_text::KeptText;
use crate::me::MeForm;
use crate::menu::ThemeChoice;
use crate::server::finding::{Asked, finder};
use crate::server::{Services, Visitor};
use crate::shortcuts::Shortcuts;

/// How many notes a page of a list shows.
const LISTED: u64 = 50;

const PURPOSE: &str = "Markdown notes that several people write at once.";

/// Home, with the notes it lists.
#[derive(Clone, Debug)]
pub struct Home {
    /// None for who comes for the first time.
    mine: Option<Mine>,
}

/// The list of somebody who was here before.
#[derive(Clone, Debug)]
struct Mine {
    asked: Asked,
    /// None when the database did not answer.
    found: Option<(Page, Overview)>,
    /// A note of theirs that was put into the trash just now.
    trashed: Option<Uuid>,
    now_ms: u64,
    silent: Vec<&'static str>,
}

impl Home {
    pub(crate) async fn load(services: &Services, visitor: &Visitor, query: &str) -> Self {
        if !visitor.known {
            return Self { mine: None };
        }
        let asked = Asked::of(query);
        Self {
            mine: Some(Mine {
                found: found(services, visitor, &asked).await,
                trashed: trashed(services, &asked, visitor).await,
                asked,
                now_ms: services.now_ms,
                silent: crate::server::silent_kinds(services, visitor).await,
            }),
        }
    }

    pub(crate) fn head(&self) -> Head {
        Head {
            description: PURPOSE.to_owned(),
            islands: self.mine.is_some().then_some(Islands::Others),
            listed: true,
            ..Head::default()
        }
    }
}

async fn found(services: &Services, visitor: &Visitor, asked: &Asked) -> Option<(Page, Overview)> {
    let finder = finder(services, visitor);
    let wanted = asked.wanted(LISTED);
    let nothing = wanted.is_none();
    let wanted = wanted.unwrap_or_default();
    match store::finding::home(&*services.database, &finder, &wanted).await {
        // Nothing that was typed is a word, so no note has it.
        Ok((_, overview)) if nothing => Some((Page::default(), overview)),
        Ok(found) => Some(found),
        Err(error) => {
            leptos::logging::warn!("home without its list: {error}");
            None
        }
    }
}

/// The note that the address names, if it is in the trash and may be taken back.
async fn trashed(services: &Services, asked: &Asked, visitor: &Visitor) -> Option<Uuid> {
    let id = asked.trashed?;
    let note = store::notes::find(&*services.database, NoteId(id)).await;
    let note = note.ok().flatten()?;
    let me = finder(services, visitor).person;
    (me.is_some() && note.owner == me && note.trashed_at.is_some()).then_some(id)
}

/// What a note is called where its title is shown.
#[must_use]
pub fn shown_title(title: &str) -> &str {
    if title.trim().is_empty() {
        "Untitled"
    } else {
        title
    }
}

/// The whole page.
#[component]
pub fn HomePage(
    /// What it shows.
    home: Home,
    /// Who looks at it.
    visitor: Visitor,
) -> impl IntoView {
    let me = visitor.clone();
    let main = match home.mine {
        None => Either::Left(first_visit()),
        Some(mine) => Either::Right(my_notes(mine, visitor)),
    };
    view! {
        {main}
        <HomeFooter visitor=me />
    }
}

/// The page for `GET /new` by what is no navigation: looking makes no note.
#[component]
pub fn NewNotePage() -> impl IntoView {
    view! {
        <main class="letter">
            <a class="wordmark" href="/">"Tandem"</a>
            <h1>"New note"</h1>
            <p class="lead">"A note is made when you press the button."</p>
            <form method="post" action="/new" class="ways-on">
                <button type="submit" class="button button-filled">"New note"</button>
            </form>
        </main>
    }
}

fn first_visit() -> impl IntoView {
    view! {
        <main class="home home-first">
            <header class="home-head">
                <h1 class="wordmark">"Tandem"</h1>
                <p class="lead">{PURPOSE}</p>
                {new_note("button button-filled button-large")}
                <p class="aside">"No account needed. Share the link, and write."</p>
            </header>
        </main>
    }
}

fn new_note(class: &'static str) -> impl IntoView {
    view! {
        <form method="post" action="/new">
            <button type="submit" class=class data-key="n" title="New note (N)">
                <Icon name="plus" />
                "New note"
            </button>
        </form>
    }
}

fn my_notes(mine: Mine, visitor: Visitor) -> impl IntoView {
    let Mine {
        asked,
        found,
        trashed,
        now_ms,
        silent,
    } = mine;
    view! {
        <main class="home" id=import::HOME>
            <header class="home-head">
                <h1 class="wordmark">"Tandem"</h1>
                <span class="bar-space"></span>
                <a class="icon-button" href="/chat" aria-label="Chat rooms" title="Chat rooms">
                    <Icon name="message-square" />
                </a>
                <ImportButton />
                <Bell visitor silent />
                {new_note("button button-filled")}
            </header>
            <KeptText />
            {filters::search(&asked)}
            {trashed.map(undo)}
            {import::places()}
            {match found {
                None => {
                    let sentence = "Your list cannot be read just now. Notes open by their links, and nothing is lost.";
                    Either::Left(view! { <p class="problem" role="alert">{sentence}</p> })
                }
                Some((page, overview)) => Either::Right(list(&asked, page, &overview, now_ms)),
            }}
        </main>
        <Shortcuts />
    }
}

fn undo(note: Uuid) -> impl IntoView {
    view! {
        <form class="notice" method="post" action="/api/fn/restore_note" role="status">
            <span>"The note is in the trash."</span>
            <input type="hidden" name="note" value=note.to_string() />
            <button type="submit" class="button">
                "Undo"
            </button>
        </form>
    }
}

fn list(asked: &Asked, page: Page, overview: &Overview, now_ms: u64) -> impl IntoView + use<> {
    let sections = filters::sections(asked, overview);
    let heading = if asked.words.is_some() {
        "Results"
    } else {
        filters::label(asked.section)
    };
    // The section that is looked at says the same already.
    let said_before = sections.is_some() && asked.words.is_none();
    let next = page.next.as_ref().map(|next| Asked {
        cursor: Some(next.to_text()),
        trashed: None,
        ..asked.clone()
    });
    let notes = if page.notes.is_empty() {
        EitherOf3::A(empty(asked))
    } else if asked.section == Section::Trash {
        EitherOf3::B(view! {
            <p class="aside">
                {format!("What is here goes for good after {} days.", store::notes::TRASH_DAYS)}
            </p>
            <ul>{page.notes.into_iter().map(|note| rows::trashed(note, now_ms)).collect_view()}</ul>
        })
    } else {
        EitherOf3::C(view! {
            <ul>{page.notes.into_iter().map(|note| rows::row(note, now_ms)).collect_view()}</ul>
        })
    };
    view! {
        {sections}
        {filters::tags(asked, overview)}
        <section class="note-list" aria-labelledby="list">
            <header class="list-head">
                <h2 id="list" class:visually-hidden=said_before>
                    {heading}
                </h2>
                {filters::orders(asked, overview)}
            </header>
            {notes}
            {next.map(|next| view! { <a class="button more" href=next.to_address()>"More"</a> })}
        </section>
    }
}

/// Why there is nothing, and what to do about it.
fn empty(asked: &Asked) -> impl IntoView + use<> {
    let sentence = match (asked.section, &asked.tag) {
        _ if asked.words.is_some() => format!(
            "No notes match \u{201c}{}\u{201d}. Search looks in text and titles.",
            asked
                .typed
                .trim()
                .chars()
                .take(SHOWN_CHARS)
                .collect::<String>()
        ),
        (_, Some(tag)) => format!("No notes here have the tag {tag}."),
        (Section::Recent | Section::Mine, None) => {
            "No notes yet. Write one, or drop a .md file here.".to_owned()
        }
        (Section::Pinned, None) => "Nothing pinned. Use the pin of a note in a list.".to_owned(),
        (Section::Shared, None) => {
            "Nothing is shared with you yet. Notes of others show here once you were in them."
                .to_owned()
        }
        (Section::Trash, None) => "The trash is empty.".to_owned(),
    };
    view! { <p class="empty">{sentence}</p> }
}

/// So much of what was typed is said back, in characters.
const SHOWN_CHARS: usize = 60;

#[component]
fn HomeFooter(visitor: Visitor) -> impl IntoView {
    let name = visitor.person.name.clone();
    let (place, words) = if visitor.account {
        ("/settings", "Settings")
    } else {
        ("/sign-in", "Sign in")
    };
    view! {
        <footer class="home-foot">
            <button type="button" class="home-me" popovertarget="me-form" title="Name and colour">
                "You are " <span class=format!("dot person-{}", visitor.person.colour)></span>
                {name.clone()}
            </button>
            <div id="me-form" class="popover me-popover" popover="auto">
                <MeForm name colour=visitor.person.colour />
            </div>
            <a href=place>{words}</a>
            <ThemeChoice theme=visitor.theme />
        </footer>
    }
}
