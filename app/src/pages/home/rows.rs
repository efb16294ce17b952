//! [ssr] The rows of a list: a note as one link, and beside it what can be done.

use leptos::either::Either;
use leptos::prelude::*;
use store::finding::{FoundNote, Piece};
use store::notes::TRASH_MS;

use super::shown_title;
use crate::clock::{ago, exact};
use crate::icons::Icon;

const DAY_MS: u64 = 24 * 60 * 60 * 1000;

/// A note that can be opened.
pub(super) fn row(note: FoundNote, now_ms: u64) -> impl IntoView {
    let id = note.id.to_string();
    let title = shown_title(&note.title).to_owned();
    let when = match &note.writer {
        Some(writer) => format!("{} by {writer}", ago(note.updated_at, now_ms)),
        None => ago(note.updated_at, now_ms),
    };
    let whose = match &note.owner {
        Some(owner) if !note.owned => Some(owner.clone()),
        _ => None,
    };
    let here = (note.here > 0).then(|| {
        view! { <span class="note-here" title="In the note now">{format!("{} here", note.here)}</span> }
    });
    let tags = note.tags.into_iter();
    let tags = tags.map(|tag| view! { <span class="tag">{tag}</span> });
    view! {
        <li class="note-item">
            <a class="note-row" href=format!("/note/{id}")>
                <span class="note-title">{title.clone()} {here} {tags.collect_view()}</span>
                <span class="note-time" title=exact(note.updated_at)>
                    {when}
                </span>
                <span class="note-excerpt">{words(note.snippet, note.excerpt)}</span>
                <span class="note-owner">{whose}</span>
            </a>
            <span class="note-actions">
                {pin(&id, &title, note.pinned)}
                {note.owned.then(|| trash(&id, &title))}
            </span>
        </li>
    }
}

/// What was looked for with the words around it, else the first words.
fn words(snippet: Vec<Piece>, excerpt: String) -> impl IntoView {
    if snippet.is_empty() {
        return Either::Left(excerpt);
    }
    let piece = |Piece { text, hit }| {
        if hit {
            Either::Left(view! { <mark>{text}</mark> })
        } else {
            Either::Right(text)
        }
    };
    Either::Right(snippet.into_iter().map(piece).collect_view())
}

fn pin(id: &str, title: &str, pinned: bool) -> impl IntoView + use<> {
    let (label, wanted) = if pinned {
        (format!("Unpin {title}"), "false")
    } else {
        (format!("Pin {title}"), "true")
    };
    let hint = if pinned { "Unpin" } else { "Pin" };
    view! {
        <form method="post" action="/api/fn/pin_note">
            <input type="hidden" name="note" value=id.to_owned() />
            <input type="hidden" name="pinned" value=wanted />
            <button
                type="submit"
                class="icon-button"
                class:is-pinned=pinned
                aria-label=label
                title=hint
            >
                <Icon name="pin" />
            </button>
        </form>
    }
}

fn trash(id: &str, title: &str) -> impl IntoView + use<> {
    view! {
        <form method="post" action="/api/fn/trash_note">
            <input type="hidden" name="note" value=id.to_owned() />
            <button
                type="submit"
                class="icon-button"
                aria-label=format!("Move {title} to the trash")
                title="Move to the trash"
            >
                <Icon name="trash-2" />
            </button>
        </form>
    }
}

/// A note in the trash: it can be taken back, or deleted by who types its title.
pub(super) fn trashed(note: FoundNote, now_ms: u64) -> impl IntoView {
    let id = note.id.to_string();
    let title = shown_title(&note.title).to_owned();
    let ends = note.trashed_at.unwrap_or(now_ms).saturating_add(TRASH_MS);
    let left = ends.saturating_sub(now_ms).div_ceil(DAY_MS);
    let left = match left {
        0 => "going now".to_owned(),
        1 => "1 day left".to_owned(),
        days => format!("{days} days left"),
    };
    let label = format!("The title of {title}, to delete it for good");
    view! {
        <li class="note-item">
            <div class="note-row">
                <span class="note-title">{title.clone()}</span>
                <span class="note-time">{left}</span>
                <span class="note-excerpt">{note.excerpt}</span>
            </div>
            <div class="trash-actions">
                <form method="post" action="/api/fn/restore_note">
                    <input type="hidden" name="note" value=id.clone() />
                    <button type="submit" class="button" aria-label=format!("Restore {title}")>
                        <Icon name="rotate-ccw" />
                        "Restore"
                    </button>
                </form>
                <details>
                    <summary aria-label=format!("Delete {title} for good")>"Delete for good"</summary>
                    <form class="for-good" method="post" action="/api/fn/delete_note_for_good">
                        <input type="hidden" name="note" value=id />
                        <label class="field">
                            <span>{format!("Nobody can bring it back. Type its title: {title}")}</span>
                            <input type="text" name="title" required=true autocomplete="off" aria-label=label />
                        </label>
                        <p class="problem" role="alert"></p>
                        <button type="submit" class="button button-red">
                            "Delete for good"
                        </button>
                    </form>
                </details>
            </div>
        </li>
    }
}
