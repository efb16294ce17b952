//! [hydrate] Parts of a page that the server renders when they are asked for: a
//! place marked `data-part` holds what that address answers.

use leptos::prelude::document;
use leptos::task::spawn_local;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{Element, HtmlElement, Response};

const PLACE: &str = "[data-part]";
const NO_ANSWER: &str = "This cannot be shown just now. Close it and try again.";

/// Fills the place in the dialog that a button opens.
pub(crate) fn load_in(button: &Element) {
    let dialog = button
        .get_attribute("commandfor")
        .and_then(|id| document().get_element_by_id(&id));
    if let Some(place) = dialog.and_then(|dialog| dialog.query_selector(PLACE).ok().flatten()) {
        load(place);
    }
}

/// The place that something stands in. To be asked for before anything is waited for: it
/// may be filled anew meanwhile, and what stood in it stands nowhere.
pub(crate) fn place_of(element: &Element) -> Option<Element> {
    element.closest(PLACE).ok().flatten()
}

/// Fills a place, also one that was filled before.
pub(crate) fn load(place: Element) {
    spawn_local(async move {
        let html = fetch(&place).await;
        let had_focus = document()
            .active_element()
            .is_some_and(|focused| place.contains(Some(&focused)));
        match html {
            Ok(html) => place.set_inner_html(&html),
            Err(_unreachable) => place.set_text_content(Some(NO_ANSWER)),
        }
        // What had the focus is another element now; without this it would be lost
        // to the whole page.
        if had_focus
            && place.set_attribute("tabindex", "-1").is_ok()
            && let Some(place) = place.dyn_ref::<HtmlElement>()
            && place.focus().is_err()
        {
            leptos::logging::warn!("the focus could not be kept");
        }
    });
}

async fn fetch(place: &Element) -> Result<String, JsValue> {
    let address = place.get_attribute("data-part").unwrap_or_default();
    let sent = leptos::prelude::window().fetch_with_str(&address);
    let response: Response = JsFuture::from(sent).await?.dyn_into()?;
    if !response.ok() {
        return Err(JsValue::NULL);
    }
    let text = JsFuture::from(response.text()?).await?;
    text.as_string().ok_or(JsValue::NULL)
}
