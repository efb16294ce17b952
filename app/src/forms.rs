//! [hydrate] Plain forms, sent without leaving the page: what a form marked
//! `data-quiet` would post is posted, and its answer shown where it is; a dialog
//! around it closes unless the form says `stay`, or `reload`: then what it stands in is fetched anew. Every one of them works the same
//! without scripts. A switch marked `data-sends` sends its form when it changes.

use leptos::prelude::{document, window_event_listener};
use leptos::{ev, task::spawn_local};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{
    Element, FormData, Headers, HtmlButtonElement, HtmlDialogElement, HtmlElement, HtmlFormElement,
    RequestInit, Response, UrlSearchParams,
};

use crate::markup::{find, nearest, reload, set};
use crate::{parts, title};

/// Marks a button whose form is under way.
const SENT: &str = "data-sent";

/// What a form says when not even a refusal came back.
const NO_ANSWER: &str = "That was not saved: the server does not answer. Try again.";

/// Takes over the forms, as long as the page lives.
pub(crate) fn listen() {
    drop(window_event_listener(ev::change, |event| {
        let switch = nearest(&event, "[data-sends]");
        let form = switch.and_then(|switch| switch.closest("form").ok().flatten());
        let form = form.and_then(|form| form.dyn_into::<HtmlFormElement>().ok());
        if let Some(form) = form
            && form.request_submit().is_err()
        {
            leptos::logging::warn!("a switch could not be sent");
        }
    }));
    drop(window_event_listener(ev::submit, |event| {
        let form = event
            .target()
            .and_then(|target| target.dyn_into::<HtmlFormElement>().ok());
        let Some(form) = form.filter(|form| form.has_attribute("data-quiet")) else {
            return;
        };
        event.prevent_default();
        let button = event.submitter();
        if let Some(button) = &button {
            if button.has_attribute(SENT) {
                // Pressed again, and what it asks for is perhaps done twice.
                return;
            }
            choose(button);
            set(button, SENT, "");
        }
        let place = parts::place_of(&form);
        spawn_local(async move {
            let stays = match post(&form, button.as_ref()).await {
                Ok(answer) => done(&form, place, &answer),
                Err(problem) => {
                    let sentence = problem.as_string();
                    refused(&form, sentence.as_deref().unwrap_or(NO_ANSWER));
                    true
                }
            };
            if let Some(button) = button.filter(|_| stays)
                && button.remove_attribute(SENT).is_err()
            {
                leptos::logging::warn!("a button cannot be pressed again");
            }
        });
    }));
}

/// Posts a form as the browser would. An error is a sentence, if it is a string.
async fn post(form: &HtmlFormElement, button: Option<&HtmlElement>) -> Result<String, JsValue> {
    let fields = FormData::new_with_form(form)?;
    let pressed = button.and_then(|button| button.dyn_ref::<HtmlButtonElement>());
    if let Some(button) = pressed.filter(|button| !button.name().is_empty()) {
        fields.append_with_str(&button.name(), &button.value())?;
    }
    let body = UrlSearchParams::new_with_str_sequence_sequence(&fields)?;
    let headers = Headers::new()?;
    headers.set("Accept", "application/json")?;
    let request = RequestInit::new();
    request.set_method("POST");
    request.set_headers(&headers);
    request.set_body(&body);
    let sent = leptos::prelude::window().fetch_with_str_and_init(&form.action(), &request);
    // A refused fetch is an object that explains nothing to a person.
    let response = JsFuture::from(sent)
        .await
        .map_err(|_unreachable: JsValue| JsValue::NULL)?;
    let response: Response = response.dyn_into()?;
    let text = JsFuture::from(response.text()?)
        .await?
        .as_string()
        .unwrap_or_default();
    if response.ok() {
        return Ok(text);
    }
    // A server function's refusal is its kind, a bar, and the sentence.
    let sentence = text
        .split_once('|')
        .map_or(NO_ANSWER, |(_, sentence)| sentence);
    Err(JsValue::from_str(sentence))
}

/// Colours the page with the theme of a pressed button, before the answer is here.
fn choose(button: &HtmlElement) {
    let Some(button) = button
        .dyn_ref::<HtmlButtonElement>()
        .filter(|button| button.name() == "theme")
    else {
        return;
    };
    if let Some(root) = document().document_element() {
        set(&root, "data-theme", &button.value());
    }
    if let Some(before) = button
        .parent_element()
        .and_then(|group| find(&group, "[aria-pressed=true]"))
    {
        set(&before, "aria-pressed", "false");
    }
    set(button, "aria-pressed", "true");
}

/// Whether the form stays, to be sent again; else another one comes in its place.
fn done(form: &HtmlFormElement, place: Option<Element>, answer: &str) -> bool {
    say(form, "");
    if let Ok(title) = serde_json::from_str::<String>(answer) {
        title::saved(&title);
    }
    match form.get_attribute("data-quiet").as_deref() {
        Some("stay") => return true,
        Some("reload") => {
            match place {
                Some(place) => parts::load(place),
                // Outside of a part the whole page is what shows the change.
                None => reload(),
            }
            return false;
        }
        _ => {}
    }
    let dialog = form.closest("dialog").ok().flatten();
    if let Some(dialog) = dialog.and_then(|dialog| dialog.dyn_into::<HtmlDialogElement>().ok()) {
        dialog.close();
    }
    true
}

/// The title's form alone has no place for a sentence: its field says it.
fn refused(form: &HtmlFormElement, sentence: &str) {
    if !say(form, sentence) {
        title::refused(sentence);
    }
}

/// Writes into the form's place for problems, if it has one.
fn say(form: &HtmlFormElement, sentence: &str) -> bool {
    let place = form.query_selector("[role=alert]").ok().flatten();
    if let Some(place) = &place {
        place.set_text_content(Some(sentence));
    }
    place.is_some()
}
