//! [hydrate] Boxes of tasks in the view. What a press does is `app/reader/tasks.ts`,
//! which is there with the app and without it; here is only who may.

use crate::markup::by_id;

/// Marks a view whose boxes can be pressed; the page is served with it.
const MAY_TICK: &str = "data-may-tick";

/// Lets the boxes of this page's view be pressed, or no longer.
pub(crate) fn allow(may: bool) {
    let Some(view) = by_id("view") else {
        return;
    };
    if view.toggle_attribute_with_force(MAY_TICK, may).is_err() {
        leptos::logging::warn!("the boxes do not follow who may write");
    }
}
