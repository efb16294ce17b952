//! [ssr] `/user/<uuid>`: what its person was told, the newest first. It is the bell's
//! panel, filled by the server; the bell's own code keeps its first page live.

use leptos::prelude::*;
use realtime::Refusal;
use store::PersonId;
use store::notifications::{LISTED, NotificationRecord, inbox};

use crate::bell::BELL;
use crate::bell::shell::{Shown, patterns, row, settings, tabs, tools};
use crate::document_shell::{Head, Islands};
use crate::icons::Icon;
use crate::server::{Services, Visitor, silent_kinds};

/// The list of somebody, or a part of it.
#[derive(Clone, Debug)]
pub struct Notifications {
    listed: Vec<NotificationRecord>,
    /// Number of the last one, if there are older ones.
    older: Option<u64>,
    /// Whether these are the newest.
    newest: bool,
    now_ms: u64,
    silent: Vec<&'static str>,
}

impl Notifications {
    /// Loads those of the visitor; `before` a number, the ones that are older.
    pub(crate) async fn load(
        services: &Services,
        visitor: &Visitor,
        before: Option<u64>,
    ) -> Result<Self, Refusal> {
        let (database, me) = (&*services.database, PersonId(visitor.person.id));
        // One more says whether there are older ones.
        let mut listed = match inbox(database, me, None, before, LISTED + 1).await {
            Ok(inbox) => inbox.newest,
            Err(error) => {
                leptos::logging::warn!("notifications: {error}");
                return Err(Refusal::Storage);
            }
        };
        let most = usize::try_from(LISTED).unwrap_or(usize::MAX);
        let goes_on = listed.len() > most;
        listed.truncate(most);
        Ok(Self {
            older: listed.last().filter(|_| goes_on).map(|last| last.id),
            listed,
            newest: before.is_none(),
            now_ms: services.now_ms,
            silent: silent_kinds(services, visitor).await,
        })
    }
}

pub(crate) fn head() -> Head {
    Head {
        title: "Notifications".to_owned(),
        islands: Some(Islands::Others),
        ..Head::default()
    }
}

/// The whole page.
#[component]
pub fn NotificationsPage(
    /// What it shows.
    page: Notifications,
    /// Whose it is.
    visitor: Visitor,
) -> impl IntoView {
    let Notifications {
        listed,
        older,
        newest,
        now_ms,
        silent,
    } = page;
    let person = visitor.person.id.to_string();
    let path = format!("/user/{person}");
    let is_empty = listed.is_empty();
    let rows = listed
        .into_iter()
        .map(|record| row(Shown::of(record, now_ms), newest));
    let older = older.map(|last| {
        view! { <a class="button more" href=format!("{path}?before={last}")>"Older"</a> }
    });
    let back = (!newest).then(|| view! { <a class="button" href=path.clone()>"Newest"</a> });
    view! {
        <main class="home">
            <header class="home-head">
                <a class="icon-button" href="/" aria-label="Home" title="Home">
                    <Icon name="house" />
                </a>
                <h1 class="wordmark">"Notifications"</h1>
                <span class="bar-space"></span>
                {back}
                {tools(newest)}
            </header>
            <section
                id=newest.then_some(BELL)
                class="bell-page"
                aria-label="Notifications"
                data-person=person
            >
                {newest.then(tabs)}
                <div id="bell-panel" class="bell-body">
                    <ul class="bell-list">{rows.collect_view()}</ul>
                    <p class="bell-empty" hidden=!is_empty>
                        "Nothing here. When somebody mentions you, replies to you or shares a note with you, you read it here."
                    </p>
                </div>
                {newest.then(patterns)}
            </section>
            {older}
        </main>
        {settings(silent)}
    }
}
