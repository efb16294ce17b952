//! [ssr] Publishing a note: its address, what its page shows, and taking it down.

use leptos::either::Either;
use leptos::prelude::*;
use store::publishing::{MAX_SLUG_CHARS, Publication, Slug};
use uuid::Uuid;

use super::{address_to_copy, hidden};

/// What an address may be, for the field itself.
const SLUG_PATTERN: &str = "[a-z0-9\\-]+";
/// The same in words.
const SLUG_WORDS: &str = "Lowercase letters, digits and dashes.";

pub(super) fn published(
    note: Uuid,
    title: &str,
    published: Option<Publication>,
    origin: &str,
) -> impl IntoView + use<> {
    let prefix = format!("{origin}/p/");
    let body = match published {
        Some(publication) => Either::Left(up(note, publication, prefix)),
        None => Either::Right(down(note, title, prefix)),
    };
    view! {
        <section class="share-part" aria-labelledby="share-publish">
            <h3 id="share-publish">"Publish"</h3>
            {body}
        </section>
    }
}

/// It is published: where, how, and the way to take it down.
fn up(note: Uuid, publication: Publication, prefix: String) -> impl IntoView {
    let address = format!("{prefix}{}", publication.slug);
    let path = format!("/p/{}", publication.slug);
    let slides = format!("{path}/slides");
    view! {
        <p class="share-sentence">"Anybody can read this note at its own address."</p>
        <div class="share-copy">
            {address_to_copy("Address of the published page", address)}
            <a class="button" href=path>"Open page"</a>
            <a class="button" href=slides>"Slides"</a>
        </div>
        <details class="share-more">
            <summary>"Change address and page"</summary>
            {form(note, &publication, prefix, "Save")}
        </details>
        <form method="post" action="/api/fn/unpublish" data-quiet="reload" class="share-actions">
            {hidden(note)}
            <button type="submit" class="button button-danger">"Unpublish"</button>
            <span class="aside">"Who reads the page is out within a second."</span>
            <p class="problem" role="alert"></p>
        </form>
    }
}

/// It is not published.
fn down(note: Uuid, title: &str, prefix: String) -> impl IntoView + use<> {
    let page = NewPage {
        slug: Slug::suggestion(title),
        listed: false,
        author: false,
        contents: true,
    };
    view! {
        <p class="aside">
            "A page that anybody can read and nobody can edit, live as you write, under an address that does not give the note away."
        </p>
        <details class="share-new">
            <summary class="button">"Publish a page"</summary>
            {fields(note, page, prefix, "Publish")}
        </details>
    }
}

/// What the form starts from.
struct NewPage {
    slug: String,
    listed: bool,
    author: bool,
    contents: bool,
}

fn form(
    note: Uuid,
    publication: &Publication,
    prefix: String,
    button: &'static str,
) -> impl IntoView + use<> {
    let page = NewPage {
        slug: publication.slug.to_string(),
        listed: publication.listed,
        author: publication.author,
        contents: publication.contents,
    };
    fields(note, page, prefix, button)
}

fn fields(note: Uuid, page: NewPage, prefix: String, button: &'static str) -> impl IntoView {
    let check = |name: &'static str, words: &'static str, on: bool| {
        view! {
            <label class="share-check">
                <input type="checkbox" name=name value="true" checked=on />
                <span>{words}</span>
            </label>
        }
    };
    view! {
        <form method="post" action="/api/fn/publish" data-quiet="reload" class="share-publish">
            {hidden(note)}
            <label class="field">
                <span>"Address"</span>
                <span class="share-slug">
                    <span class="share-prefix" aria-hidden="true">{prefix}</span>
                    <input
                        type="text"
                        name="slug"
                        aria-label="Address"
                        required=true
                        value=page.slug
                        pattern=SLUG_PATTERN
                        maxlength=MAX_SLUG_CHARS.to_string()
                        title=SLUG_WORDS
                        autocomplete="off"
                        autocapitalize="none"
                        spellcheck="false"
                        aria-describedby="share-slug-words"
                    />
                </span>
                <span class="share-hint" id="share-slug-words">{SLUG_WORDS}</span>
            </label>
            {check("listed", "Let search engines index it", page.listed)}
            {check("author", "Say whose it is", page.author)}
            {check("contents", "Show a list of contents", page.contents)}
            <p class="problem" role="alert"></p>
            <button type="submit" class="button button-filled">{button}</button>
        </form>
    }
}
