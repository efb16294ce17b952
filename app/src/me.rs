//! What I am called and which colour I have: a form that works as it is, and a
//! dialog around it where there are scripts.

use leptos::prelude::*;
use realtime::{COLOURS, MAX_NAME_CHARS};
use uuid::Uuid;

use crate::actions::set_person;
use crate::dialog::{self, dialog};

/// The dialog's id.
pub const ME_DIALOG: &str = "me";

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
    let failed = RwSignal::new(None::<String>);
    let (chosen_name, chosen_colour) = (RwSignal::new(name), RwSignal::new(colour));
    let save = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        leptos::task::spawn_local(async move {
            let saved = set_person(
                chosen_name.get_untracked(),
                chosen_colour.get_untracked(),
                Some(note),
            )
            .await;
            match saved {
                Ok(()) => {
                    failed.set(None);
                    dialog::close(ME_DIALOG);
                }
                Err(error) => failed.set(Some(error.to_string())),
            }
        });
    };
    let inside = view! {
        <form class="stack" method="post" action="/api/fn/set_person" on:submit=save>
            <label class="field">
                <span>"Name"</span>
                <input
                    type="text"
                    name="name"
                    autocomplete="nickname"
                    maxlength=MAX_NAME_CHARS.to_string()
                    prop:value=chosen_name
                    on:input=move |event| chosen_name.set(event_target_value(&event))
                />
            </label>
            <fieldset class="palette">
                <legend>"Colour"</legend>
                {swatches(colour, move |index| chosen_colour.set(index))}
            </fieldset>
            <p class="problem" role="alert">{move || failed.get()}</p>
            <button type="submit" class="button button-filled">"Save"</button>
        </form>
    };
    dialog(ME_DIALOG, "How others see you", inside)
}

/// The same as a plain form, for a page without islands.
#[cfg(feature = "ssr")]
#[component]
pub fn MeForm(
    /// What I am called now.
    name: String,
    /// My colour now.
    colour: u8,
) -> impl IntoView {
    view! {
        <form class="stack" method="post" action="/api/fn/set_person">
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
                {swatches(colour, |_| ())}
            </fieldset>
            <button type="submit" class="button">"Save"</button>
        </form>
    }
}

fn swatches(chosen: u8, choose: impl Fn(u8) + Copy + 'static) -> impl IntoView {
    let swatch = move |(index, label): (u8, &'static str)| {
        view! {
            <label class=format!("swatch person-{index}") title=label>
                <input
                    type="radio"
                    name="colour"
                    value=index.to_string()
                    checked=index == chosen
                    on:change=move |_| choose(index)
                />
                <span class="visually-hidden">{label}</span>
            </label>
        }
    };
    (0u8..).zip(COLOUR_NAMES).map(swatch).collect_view()
}
