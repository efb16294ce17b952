//! [ssr] Home: what this is, and my notes. For who comes for the first time it has
//! no scripts at all; for the others there is the bell.

use leptos::either::EitherOf3;
use leptos::prelude::*;
use store::{Card, PersonId};

use crate::bell::Bell;
use crate::clock::ago;
use crate::document_shell::{Head, Islands};
use crate::icons::Icon;
use crate::me::MeForm;
use crate::menu::ThemeChoice;
use crate::server::{Services, Visitor};

/// How many notes the list shows.
const LISTED: u64 = 200;

/// Home, with the notes it lists.
#[derive(Clone, Debug)]
pub struct Home {
    /// None when the database did not answer.
    notes: Option<Vec<Card>>,
    now_ms: u64,
    greeted: bool,
    silent: Vec<&'static str>,
}

impl Home {
    pub(crate) async fn load(services: &Services, visitor: &Visitor) -> Self {
        let now_ms = services.now_ms;
        if !visitor.known {
            return Self {
                notes: Some(Vec::new()),
                now_ms,
                greeted: false,
                silent: Vec::new(),
            };
        }
        let person = PersonId(visitor.person.id);
        let notes = store::notes::of_person(&*services.database, person, LISTED).await;
        if let Err(error) = &notes {
            leptos::logging::warn!("home without its list: {error}");
        }
        Self {
            notes: notes.ok(),
            now_ms,
            greeted: true,
            silent: crate::server::silent_kinds(services, visitor).await,
        }
    }

    pub(crate) fn head(&self) -> Head {
        Head {
            description: PURPOSE.to_owned(),
            islands: self.greeted.then_some(Islands::Others),
            listed: true,
            ..Head::default()
        }
    }
}

const PURPOSE: &str = "Markdown notes that several people write at once.";

/// The whole page.
#[component]
pub fn HomePage(
    /// What it shows.
    home: Home,
    /// Who looks at it.
    visitor: Visitor,
) -> impl IntoView {
    let greeted = home.greeted;
    let mine = greeted.then(|| {
        let (visitor, silent) = (visitor.clone(), home.silent.clone());
        view! {
            <a class="icon-button" href="/chat" aria-label="Chat rooms" title="Chat rooms">
                <Icon name="message-square" />
            </a>
            <Bell visitor silent />
        }
    });
    view! {
        <main class=if greeted { "home" } else { "home home-first" }>
            <header class="home-head">
                <h1 class="wordmark">"Tandem"</h1>
                <p class="lead">{PURPOSE}</p>
                {mine}
                <form method="post" action="/new">
                    <button type="submit" class="button button-filled button-large">
                        <Icon name="plus" />
                        "New note"
                    </button>
                </form>
                {(!greeted).then(|| view! { <p class="aside">"No account needed. Share the link, and write."</p> })}
            </header>
            {greeted.then(|| list(home))}
        </main>
        <HomeFooter visitor />
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

fn list(home: Home) -> impl IntoView {
    match home.notes {
        None => {
            let sentence = "Your list cannot be read just now. Notes open by their links, and nothing is lost.";
            EitherOf3::A(view! { <p class="problem" role="alert">{sentence}</p> })
        }
        Some(notes) if notes.is_empty() => EitherOf3::B(
            view! { <p class="empty">"No notes yet. Write one, and it shows here."</p> },
        ),
        Some(notes) => {
            let rows = notes
                .into_iter()
                .map(|card| row(card, home.now_ms))
                .collect_view();
            EitherOf3::C(view! {
                <section class="note-list" aria-labelledby="recent">
                    <h2 id="recent">"Recent"</h2>
                    <ul>{rows}</ul>
                </section>
            })
        }
    }
}

fn row(card: Card, now_ms: u64) -> impl IntoView {
    let title = if card.title.is_empty() {
        "Untitled".to_owned()
    } else {
        card.title
    };
    view! {
        <li>
            <a class="note-row" href=format!("/note/{}", card.id)>
                <span class="note-title">{title}</span>
                <span class="note-excerpt">{card.excerpt}</span>
                <span class="note-time">{ago(card.updated_at, now_ms)}</span>
            </a>
        </li>
    }
}

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
