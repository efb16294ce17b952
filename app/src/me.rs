//! [ssr] What I am called and which colour I have: a plain form, on home as it is
//! and in a note within a dialog.

use leptos::prelude::*;
use realtime::{COLOURS, MAX_NAME_CHARS};
use uuid::Uuid;

use crate::dialog::{Dialog, ME_DIALOG};

/// Names of the palette's colours, in its order, for who does not see them.
const COLOUR_NAMES: [&str; COLOURS.len()] = [
    "Blue", "Rust", "Green", "Plum", "Olive", "Indigo", "Red", "Moss",
];

/// Name and colour, in a dialog.
#[component]
pub fn MeDialog(
    /// The note whose people are told.
    note: Uuid,
    /// What I am called now.
    name: String,
    /// My colour now.
    colour: u8,
) -> impl IntoView {
    view! {
        <Dialog id=ME_DIALOG title="How others see you">
            <MeForm name colour note />
        </Dialog>
    }
}

/// Name and colour, as a form.
#[component]
pub fn MeForm(
    /// What I am called now.
    name: String,
    /// My colour now.
    colour: u8,
    /// The note whose people are told.
    #[prop(optional)]
    note: Option<Uuid>,
) -> impl IntoView {
    let swatch = move |(index, label): (u8, &'static str)| {
        view! {
            <label class=format!("swatch person-{index}") title=label>
                <input
                    type="radio"
                    name="colour"
                    value=index.to_string()
                    checked=index == colour
                />
                <span class="visually-hidden">{label}</span>
            </label>
        }
    };
    view! {
        <form class="stack" method="post" action="/api/fn/set_person" data-quiet="">
            {note.map(|note| view! { <input type="hidden" name="note" value=note.to_string() /> })}
            <label class="field">
                <span>"Name"</span>
                <input
                    type="text"
                    name="name"
                    value=name
                    autocomplete="nickname"
                    maxlength=MAX_NAME_CHARS.to_string()
                />
            </label>
            <fieldset class="palette">
                <legend>"Colour"</legend>
                {(0u8..).zip(COLOUR_NAMES).map(swatch).collect_view()}
            </fieldset>
            <p class="problem" role="alert"></p>
            <button type="submit" class="button button-filled">
                "Save"
            </button>
        </form>
    }
}
