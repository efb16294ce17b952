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
use crate::{mode, splitter};

/// The assets' folder.
const HASH: &str = match option_env!("TANDEM_ASSET_HASH") {
    Some(hash) => hash,
    None => "dev",
};

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
    /// Whether search engines may list it.
    pub(crate) listed: bool,
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
    let scripts = head.islands.map(scripts);
    let news = head.islands.map(|_| view! { <News /> <Palette /> });
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
                <link rel="stylesheet" href=format!("/pkg/{HASH}/app.css") />
                {scripts}
            </head>
            <body>
                <Sprite />
                {page.body(visitor)}
                {news}
            </body>
        </html>
    }
}

/// The description, and a card for who unfurls the link of a note that is open to
/// whoever has it.
fn told(head: Head) -> impl IntoView {
    let Head {
        title,
        description,
        card,
        listed,
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
        {(!listed).then(|| view! { <meta name="robots" content="noindex" /> })}
        {card}
    }
}

/// The scripts of a page with islands. The first runs before anything is painted,
/// so that panes stand where they will stay; the last starts the islands, or, if
/// that fails, takes back what only works with them.
fn scripts(islands: Islands) -> impl IntoView {
    let nonce = use_nonce()
        .map(|nonce| nonce.to_string())
        .unwrap_or_default();
    let (code, wasm) = (
        format!("/pkg/{HASH}/app.js"),
        format!("/pkg/{HASH}/app_bg.wasm"),
    );
    let start = START.replace("CODE", &code);
    let (first, editor) = match islands {
        Islands::Note(writes) => (first(writes, &wasm), Some(format!("/pkg/{HASH}/editor.js"))),
        Islands::Others => (
            format!(r#"document.documentElement.dataset.scripts="";const wasm=fetch("{wasm}")"#),
            None,
        ),
    };
    let editor = editor.map(|editor| {
        view! { <script type="module" src=editor nonce=nonce.clone()></script> }
    });
    view! {
        <script nonce=nonce.clone()>{first}</script>
        <link rel="modulepreload" href=code nonce=nonce.clone() />
        {editor}
        <script type="module" nonce=nonce>{start}</script>
    }
}

/// From this width on both panes fit; `layout.css` has the same number.
const BOTH_FROM_PX: u32 = 1000;

/// Chooses the panes: what this browser showed last, or both where they fit; the
/// view for who may not write. And has the wasm fetched, which a link would do
/// without scripts too.
fn first(writes: Writes, wasm: &str) -> String {
    let (mode, split) = (mode::KEPT_AS, splitter::KEPT_AS);
    let start = match writes {
        Writes::Yes => "both",
        Writes::No | Writes::NoLonger => "view",
    };
    format!(
        r#"(root=>{{root.dataset.scripts="";root.dataset.mode="{start}";try{{const mode=localStorage.getItem("{mode}"),split=parseFloat(localStorage.getItem("{split}"));if("{start}"=="both"&&/^(edit|both|view)$/.test(mode))root.dataset.mode=mode;if(root.dataset.mode=="both"&&innerWidth<{BOTH_FROM_PX})root.dataset.mode="edit";if(split>=20&&split<=80)root.style.setProperty("--split",split+"%")}}catch{{}}}})(document.documentElement);const wasm=fetch("{wasm}")"#
    )
}

const START: &str = r#"import("CODE").then(async app=>{await app.default({module_or_path:wasm});app.hydrate();for(const island of document.querySelectorAll("leptos-island"))await app[island.dataset.component](island)}).catch(error=>{console.error(error);delete document.documentElement.dataset.scripts;delete document.documentElement.dataset.mode})"#;
