//! [ssr] The document around every page: head, theme, sprite, and where the page
//! has islands, the scripts that bring them to life.
//!
//! Assets have one hash for all of them, given at build time, so that a page never
//! meets the files of another version.

use leptos::prelude::*;

use crate::icons::Sprite;
use crate::news::News;
use crate::pages::Page;
use crate::palette::Palette;
use crate::server::Visitor;
use crate::session::Writes;

mod scripts;

/// The assets' folder.
const HASH: &str = match option_env!("TANDEM_ASSET_HASH") {
    Some(hash) => hash,
    None => "dev",
};

/// `--paper` of `app/style/tokens.css`, for what the browser draws around a page.
const PAPER: &str = "#fcfaf6";
const DARK_PAPER: &str = "#1d1a17";

/// The address of a file of ours.
pub(crate) fn asset(name: &str) -> String {
    format!("/pkg/{HASH}/{name}")
}

/// What a document says of itself to browsers and to who unfurls its link.
#[derive(Clone, Debug, Default)]
pub(crate) struct Head {
    /// What it is called; the tab adds the product's name.
    pub(crate) title: String,
    /// A sentence.
    pub(crate) description: String,
    /// Its address, when whoever knows it may read it.
    pub(crate) card: Option<String>,
    /// What comes alive in it, if anything does.
    pub(crate) islands: Option<Islands>,
    /// Whether it has a view (`#view` with `data-key` and `data-revision`) that the
    /// reader's script keeps live, decorates, and, where there are islands, hands
    /// over to them.
    pub(crate) reader: bool,
    /// Whether it is slides, which have a script of their own instead.
    pub(crate) slides: bool,
    /// Whether a device keeps it for when there is no line, whoever uses the device.
    pub(crate) offline: bool,
    /// Whether search engines may list it.
    pub(crate) listed: bool,
    /// What the text itself says to them, heeded where they may list it.
    pub(crate) robots: Option<String>,
}

impl Head {
    /// What search engines are told, if anything.
    pub(crate) fn robots(&self) -> Option<String> {
        match self.listed {
            true => self.robots.clone(),
            false => Some("noindex".to_owned()),
        }
    }
}

/// What comes alive in a page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Islands {
    /// A note's editor and everything around it; and whether its reader may write.
    Note(Writes),
    /// Chat and bell alone.
    Others,
}

/// Version of the code that serves, as rooms tell it: a page that was served by
/// another one says so to its reader.
#[must_use]
pub fn version() -> String {
    concat!(env!("CARGO_PKG_VERSION"), "+").to_owned() + HASH
}

/// Renders what a page shows without the document around it.
pub fn part(page: Page, visitor: &Visitor) -> impl IntoView + use<> {
    if let Some(shared) = Owner::current_shared_context() {
        shared.set_is_hydrating(false);
    }
    page.body(visitor)
}

/// Renders a page as a whole document.
pub fn document(page: Page, visitor: &Visitor) -> impl IntoView + use<> {
    if let Some(shared) = Owner::current_shared_context() {
        // Outside of islands nothing is hydrated, so nothing needs an id to be found by.
        shared.set_is_hydrating(false);
    }
    let head = page.head();
    let theme = visitor.theme.as_str();
    let title = match head.title.as_str() {
        "" => "Tandem".to_owned(),
        title => format!("{title} · Tandem"),
    };
    let scripts = scripts::of_page(&head);
    let news = head.islands.is_some().then(|| view! { <News /> });
    let dark = leptos::html::meta()
        .name("theme-color")
        .content(DARK_PAPER)
        .attr("media", "(prefers-color-scheme: dark)");
    let palette = head.islands.map(|_| view! { <Palette /> });
    view! {
        <!DOCTYPE html>
        <html lang="en" data-theme=theme>
            <head>
                <meta charset="utf-8" />
                <meta name="viewport" content="width=device-width, initial-scale=1, interactive-widget=resizes-content" />
                <meta name="color-scheme" content="light dark" />
                <title>{title}</title>
                {told(head)}
                <link rel="icon" href="/favicon.svg" type="image/svg+xml" />
                <link rel="apple-touch-icon" href="/apple-touch-icon.png" />
                <link rel="manifest" href="/manifest.webmanifest" />
                {dark}
                <meta name="theme-color" content=PAPER />
                <link rel="stylesheet" href=format!("/pkg/{HASH}/app.css") />
                {scripts}
            </head>
            <body>
                <Sprite />
                {page.body(visitor)}
                {news}
                {palette}
            </body>
        </html>
    }
}

/// The description, and a card for who unfurls the link of a note that is open to
/// whoever has it.
fn told(head: Head) -> impl IntoView {
    let robots = head.robots();
    let Head {
        title,
        description,
        card,
        ..
    } = head;
    let card = card.map(|address| {
        [
            ("og:site_name", "Tandem".to_owned()),
            ("og:type", "article".to_owned()),
            ("og:title", title),
            ("og:description", description.clone()),
            ("og:url", address),
        ]
        .map(|(property, content)| {
            leptos::html::meta()
                .attr("property", property)
                .content(content)
        })
    });
    view! {
        <meta name="description" content=description />
        {robots.map(|robots| view! { <meta name="robots" content=robots /> })}
        {card}
    }
}
