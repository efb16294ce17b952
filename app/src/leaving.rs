//! [hydrate] Leaving an account: what this device kept goes with the person. Where
//! that is more than a copy of what is stored, they are asked first.

use leptos::ev;
use leptos::prelude::window_event_listener;
use realtime::{clear_device, edits_on_device};
use wasm_bindgen::JsCast;
use web_sys::HtmlFormElement;

use crate::markup::set;

/// Marks a form after which somebody else may be at this device; its value says that
/// the device is ready for that.
const LEAVES: &str = "data-leaves";
const READY: &str = "ready";

/// Takes over those forms, as long as the page lives.
pub(crate) fn listen() {
    drop(window_event_listener(ev::submit, |event| {
        let form = event
            .target()
            .and_then(|target| target.dyn_into::<HtmlFormElement>().ok());
        let unready =
            |form: &HtmlFormElement| form.get_attribute(LEAVES).is_some_and(|it| it != READY);
        let Some(form) = form.filter(unready) else {
            return;
        };
        event.prevent_default();
        let button = event.submitter();
        edits_on_device(move |edits| {
            if edits == 0 || confirmed(edits) {
                clear_device(move || {
                    set(&form, LEAVES, READY);
                    if form.request_submit_with_submitter(button.as_ref()).is_err() {
                        leptos::logging::warn!("the form could not be sent");
                    }
                });
            }
        });
    }));
}

fn confirmed(edits: u32) -> bool {
    let changes = match edits {
        1 => "1 change is".to_owned(),
        more => format!("{more} changes are"),
    };
    let question = format!(
        "{changes} on this device only, not stored yet. What this device keeps is deleted when you leave. Leave all the same?"
    );
    let answer = leptos::prelude::window().confirm_with_message(&question);
    answer.unwrap_or(false)
}
