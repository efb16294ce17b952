//! The line between the panes: dragged, moved by the arrow keys, evened by a
//! double click. Where it stands is the root element's `--split`, in percent.

use leptos::prelude::*;

/// Where the place is kept in this browser. The head's script reads it too.
pub const KEPT_AS: &str = "tandem.split";

/// Neither pane gets smaller than this, in percent.
const SMALLEST: u32 = 20;
const EVEN: u32 = 50;
/// How far an arrow key moves it, in percent.
const STEP: u32 = 2;

/// The draggable line.
#[island]
pub fn Splitter() -> impl IntoView {
    let place = RwSignal::new(EVEN);
    let dragged = RwSignal::new(false);
    #[cfg(feature = "hydrate")]
    browser::follow(place);
    let on_key = move |event: leptos::ev::KeyboardEvent| {
        let wanted = match event.key().as_str() {
            "ArrowLeft" => place.get_untracked().saturating_sub(STEP),
            "ArrowRight" => place.get_untracked() + STEP,
            "Home" => SMALLEST,
            "End" => 100 - SMALLEST,
            "Enter" => EVEN,
            _ => return,
        };
        event.prevent_default();
        place.set(within(wanted));
    };
    let on_down = move |event: leptos::ev::PointerEvent| {
        dragged.set(true);
        capture(&event);
    };
    let on_move = move |event: leptos::ev::PointerEvent| {
        if dragged.get_untracked()
            && let Some(wanted) = pointed(&event)
        {
            place.set(within(wanted));
        }
    };
    view! {
        <div
            class="splitter"
            role="separator"
            tabindex="0"
            aria-orientation="vertical"
            aria-label="Width of the source"
            aria-valuemin=SMALLEST.to_string()
            aria-valuemax=(100 - SMALLEST).to_string()
            aria-valuenow=move || place.get().to_string()
            title="Drag to resize, double-click to even"
            on:keydown=on_key
            on:pointerdown=on_down
            on:pointermove=on_move
            on:pointerup=move |_| dragged.set(false)
            on:pointercancel=move |_| dragged.set(false)
            on:dblclick=move |_| place.set(EVEN)
        ></div>
    }
}

fn within(wanted: u32) -> u32 {
    wanted.clamp(SMALLEST, 100 - SMALLEST)
}

#[cfg(not(feature = "hydrate"))]
fn capture(_event: &leptos::ev::PointerEvent) {}

#[cfg(not(feature = "hydrate"))]
fn pointed(_event: &leptos::ev::PointerEvent) -> Option<u32> {
    None
}

#[cfg(feature = "hydrate")]
use browser::{capture, pointed};

#[cfg(feature = "hydrate")]
mod browser {
    use leptos::ev::PointerEvent;
    use leptos::prelude::*;
    use wasm_bindgen::JsCast;
    use web_sys::{Element, HtmlElement};

    use super::{EVEN, KEPT_AS, within};
    use crate::kept;

    /// Starts where it stood last, and keeps where it is put.
    pub(super) fn follow(place: RwSignal<u32>) {
        Effect::new(move |before: Option<u32>| {
            place.track();
            let Some(before) = before else {
                // Not any earlier: what is being hydrated keeps what the server said.
                let kept = kept::read(KEPT_AS).and_then(|kept| kept.parse::<u32>().ok());
                let start = kept.map_or(EVEN, within);
                place.set(start);
                return start;
            };
            let now = place.get_untracked();
            if before != now {
                put(now);
                kept::write(KEPT_AS, &now.to_string());
            }
            now
        });
    }

    /// Keeps getting the pointer's moves when it leaves the thin line.
    pub(super) fn capture(event: &PointerEvent) {
        let line = event
            .current_target()
            .and_then(|target| target.dyn_into::<Element>().ok());
        if let Some(line) = line
            && line.set_pointer_capture(event.pointer_id()).is_err()
        {
            leptos::logging::log!("the pointer was gone before it was dragged");
        }
    }

    /// Where the pointer is between the panes' outer edges, in percent.
    pub(super) fn pointed(event: &PointerEvent) -> Option<u32> {
        let line = event.current_target()?.dyn_into::<Element>().ok()?;
        let panes = line
            .closest(".panes")
            .ok()
            .flatten()?
            .get_bounding_client_rect();
        let along = f64::from(event.client_x()) - panes.left();
        // A float becomes the nearest number there is, so outside of the panes it is an edge.
        (panes.width() > 0.0).then(|| (along / panes.width() * 100.0).round() as u32)
    }

    fn put(place: u32) {
        let root = document()
            .document_element()
            .and_then(|root| root.dyn_into::<HtmlElement>().ok());
        if let Some(root) = root
            && root
                .style()
                .set_property("--split", &format!("{place}%"))
                .is_err()
        {
            leptos::logging::warn!("the panes could not be resized");
        }
    }
}
