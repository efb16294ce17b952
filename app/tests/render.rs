//! Pages rendered to a string, with doubles for the database and the rooms.
#![cfg(feature = "ssr")]
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test may fail"
)]

use std::sync::Arc;

use app::Page;
use app::server::{MakeNotes, MakeRooms, Pending, Services, Visitor};
use app::theme::Theme;
use leptos::prelude::*;
use realtime::{Done, Key, Person, Reading, Refusal, Request, Rooms, Wanted, Who};
use store::{Database, Row, Statement, StoreError, Value};
use uuid::Uuid;

const NOTE: &str = "6f2c1a52-3c1e-4d38-9d0a-0d4e8f1b2c3d";
const HTML: &str = "<h1>Plan</h1>\n<p>Nobody renders &lt;this&gt; twice.</p>";
const NOW_MS: u64 = 1_700_000_000_000;

/// One note, open with this access to whoever has the link.
struct OneNote(&'static str);

impl OneNote {
    fn rows(&self, statement: &Statement) -> Vec<Row> {
        let asked = statement.params.first() == Some(&Value::Text(NOTE.to_owned()));
        let listed = statement.sql.contains("updated_at DESC");
        let text = |text: &str| Value::Text(text.to_owned());
        let row = [
            ("id", text(NOTE)),
            ("owner_id", Value::Null),
            ("owner_token_hash", Value::Null),
            ("access", text(self.0)),
            ("created_at", Value::from(NOW_MS)),
            ("trashed_at", Value::Null),
            ("title", text("Plan <b>")),
            ("excerpt", text("Nobody renders this twice.")),
            ("updated_at", Value::from(NOW_MS - 300_000)),
            ("owned", Value::from(1u64)),
        ];
        let row = row
            .into_iter()
            .map(|(name, value)| (name.to_owned(), value))
            .collect();
        if asked || listed {
            vec![row]
        } else {
            Vec::new()
        }
    }
}

impl Database for OneNote {
    fn query(&self, statement: Statement) -> Pending<'_, Result<Vec<Row>, StoreError>> {
        let rows = self.rows(&statement);
        Box::pin(async { Ok(rows) })
    }

    fn batch(&self, _statements: Vec<Statement>) -> Pending<'_, Result<Vec<Vec<Row>>, StoreError>> {
        Box::pin(async { Err(StoreError::Unavailable("a page only reads".to_owned())) })
    }
}

/// A database that does not answer.
struct Out;

impl Database for Out {
    fn query(&self, _statement: Statement) -> Pending<'_, Result<Vec<Row>, StoreError>> {
        Box::pin(async { Err(StoreError::Unavailable("out".to_owned())) })
    }

    fn batch(&self, _statements: Vec<Statement>) -> Pending<'_, Result<Vec<Vec<Row>>, StoreError>> {
        Box::pin(async { Err(StoreError::Unavailable("out".to_owned())) })
    }
}

struct OneRoom;

impl Rooms for OneRoom {
    fn act<'a>(
        &'a self,
        _key: &'a Key,
        _request: Request,
    ) -> realtime::Pending<'a, Result<Done, Refusal>> {
        Box::pin(async { Err(Refusal::NotAllowed) })
    }

    fn read<'a>(
        &'a self,
        _key: &'a Key,
        wanted: Wanted,
    ) -> realtime::Pending<'a, Result<Reading, Refusal>> {
        let html = if wanted.html {
            HTML.to_owned()
        } else {
            String::new()
        };
        let text = if wanted.text {
            "\n# Plan\n</textarea>\n".to_owned()
        } else {
            String::new()
        };
        let (title, excerpt) = (
            "Plan <b>".to_owned(),
            "Nobody \"renders\" this twice.".to_owned(),
        );
        Box::pin(async {
            Ok(Reading {
                version: 3,
                revision: 7,
                title,
                excerpt,
                text,
                html,
            })
        })
    }

    fn refresh<'a>(
        &'a self,
        _key: &'a Key,
        _who: Who,
    ) -> realtime::Pending<'a, Result<(), Refusal>> {
        Box::pin(async { Ok(()) })
    }
}

struct NoMaker;

impl MakeNotes for NoMaker {
    fn make<'a>(
        &'a self,
        _visitor: &'a Visitor,
        _text: String,
    ) -> Pending<'a, Result<Uuid, Refusal>> {
        Box::pin(async { Err(Refusal::Storage) })
    }
}

impl MakeRooms for NoMaker {
    fn make<'a>(
        &'a self,
        _visitor: &'a Visitor,
        _title: String,
    ) -> Pending<'a, Result<String, Refusal>> {
        Box::pin(async { Err(Refusal::Storage) })
    }
}

fn services(database: impl Database + 'static) -> Services {
    Services {
        database: Arc::new(database),
        rooms: Arc::new(OneRoom),
        notes: Arc::new(NoMaker),
        chats: Arc::new(NoMaker),
        now_ms: NOW_MS,
        origin: "https://notes.example".to_owned(),
    }
}

fn ada() -> Visitor {
    Visitor {
        person: Person::new(Uuid::from_u128(1), "Ada", 2),
        credential: Some("c".repeat(64)),
        bearer: None,
        known: true,
        has_name: true,
        theme: Theme::Dark,
    }
}

fn note() -> Uuid {
    Uuid::try_parse(NOTE).unwrap()
}

/// The doubles answer at once, so one poll is enough.
fn now<T>(future: impl Future<Output = T>) -> T {
    let mut future = std::pin::pin!(future);
    let mut context = std::task::Context::from_waker(std::task::Waker::noop());
    match future.as_mut().poll(&mut context) {
        std::task::Poll::Ready(value) => value,
        std::task::Poll::Pending => panic!("a double did not answer at once"),
    }
}

fn html(page: Page) -> String {
    let owner = Owner::new();
    let html = owner.with(|| app::document(page, &ada()).to_html());
    if let Some(folder) = std::env::var_os("TANDEM_KEEP_PAGES") {
        let kept = std::path::Path::new(&folder).join(format!("{}.html", html.len()));
        std::fs::write(kept, &html).unwrap();
    }
    html
}

#[test]
fn a_note_is_complete_as_it_is_served() {
    let page = html(now(Page::note(&services(OneNote("edit")), &ada(), note())).unwrap());
    assert!(
        page.starts_with("<!DOCTYPE html><html lang=\"en\" data-theme=\"dark\">"),
        "{page}"
    );
    assert!(page.contains("<title>Plan &lt;b&gt; · Tandem</title>"));
    assert!(page.contains("id=\"view\"") && page.contains("data-revision=\"7\""));
    assert!(page.contains(&format!(">{HTML}</article>")));
    assert!(page.contains(&format!("href=\"/note/{NOTE}/edit\"")));
    assert!(page.contains("Anyone with the link can edit."));
}

#[test]
fn the_view_stands_outside_of_every_island() {
    let page = html(now(Page::note(&services(OneNote("edit")), &ada(), note())).unwrap());
    let before = page.split("id=\"view\"").next().unwrap();
    assert!(before.contains("<leptos-island"), "no island at all");
    assert_eq!(
        before.matches("<leptos-island").count(),
        before.matches("</leptos-island").count()
    );
}

#[test]
fn who_may_only_view_is_offered_no_edit() {
    let page = html(now(Page::note(&services(OneNote("view")), &ada(), note())).unwrap());
    assert!(!page.contains("/edit\""));
    assert!(!page.contains("set_title"));
    assert!(page.contains("Anyone with the link can view."));
    assert!(matches!(
        now(Page::form(&services(OneNote("view")), &ada(), note())),
        Err(Refusal::NotAllowed)
    ));
}

#[test]
fn only_a_note_open_by_its_link_has_a_card() {
    let open = html(now(Page::note(&services(OneNote("view")), &ada(), note())).unwrap());
    assert!(
        open.contains("<meta property=\"og:title\" content=\"Plan &lt;b&gt;\">"),
        "{open}"
    );
    assert!(open.contains("Nobody &quot;renders&quot; this twice."));
}

#[test]
fn a_note_that_is_not_shared_is_not_there() {
    let refused = now(Page::note(&services(OneNote("none")), &ada(), note()));
    assert!(matches!(refused, Err(Refusal::NotFound)));
    let other = now(Page::note(
        &services(OneNote("edit")),
        &ada(),
        Uuid::from_u128(9),
    ));
    assert!(matches!(other, Err(Refusal::NotFound)));
}

#[test]
fn the_form_keeps_every_byte_of_the_text() {
    let page = html(now(Page::form(&services(OneNote("edit")), &ada(), note())).unwrap());
    // The first line end is the one a parser drops.
    assert!(
        page.contains(">\n\n# Plan\n&lt;/textarea>\n</textarea>"),
        "{page}"
    );
    assert!(page.contains("value=\"\n# Plan\n"), "{page}");
}

#[test]
fn home_lists_notes_and_survives_without_them() {
    let page = html(now(Page::home(&services(OneNote("edit")), &ada())));
    assert!(
        page.contains("5 min ago") && page.contains("Plan &lt;b&gt;"),
        "{page}"
    );
    assert!(!page.contains("<script"), "home needs no scripts");
    let page = html(now(Page::home(&services(Out), &ada())));
    assert!(
        page.contains("Your list cannot be read just now."),
        "{page}"
    );
}
