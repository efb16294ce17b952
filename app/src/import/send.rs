//! [hydrate] A text on its way to the server, where it becomes a note.

use js_sys::{Function, JSON, Promise, Reflect, encode_uri_component};
use leptos::prelude::window;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{Blob, Headers, RequestInit, Response};

/// How often a server that takes no more for now is asked again: with a minute
/// between, a thousand notes are through.
const MOST_TRIES: u32 = 30;
/// What is waited where it does not say.
const WAIT_SECONDS: i32 = 60;

/// Sends a text and returns its note's address. It is called by `name` unless it has
/// a heading. `waits` is told when the server wants it to come later. An error is a
/// sentence, if it is a string.
pub(super) async fn send(text: &Blob, name: &str, waits: impl Fn()) -> Result<String, JsValue> {
    let address = format!(
        "/api/notes?title={}",
        String::from(encode_uri_component(name))
    );
    let mut tries = 0;
    loop {
        let response = post(&address, text).await?;
        if let Some(address) = response.headers().get("Location")? {
            return Ok(address);
        }
        tries += 1;
        if response.status() == 429 && tries < MOST_TRIES {
            waits();
            let after = response.headers().get("Retry-After")?;
            let after = after.and_then(|seconds| seconds.parse().ok());
            pause(after.unwrap_or(WAIT_SECONDS)).await?;
            continue;
        }
        let problem = JsFuture::from(response.text()?).await?;
        let problem = JSON::parse(&problem.as_string().unwrap_or_default())?;
        return Err(Reflect::get(&problem, &"detail".into())?);
    }
}

async fn post(address: &str, text: &Blob) -> Result<Response, JsValue> {
    let headers = Headers::new()?;
    headers.set("Content-Type", "text/markdown")?;
    headers.set("Accept", "application/json")?;
    let request = RequestInit::new();
    request.set_method("POST");
    request.set_headers(&headers);
    request.set_body(text);
    let sent = window().fetch_with_str_and_init(address, &request);
    // A refused fetch is an object that explains nothing to a person.
    let response = JsFuture::from(sent)
        .await
        .map_err(|_unreachable: JsValue| JsValue::NULL)?;
    response.dyn_into()
}

async fn pause(seconds: i32) -> Result<JsValue, JsValue> {
    let mut start = |done: Function, _failed: Function| {
        let after = seconds.clamp(1, WAIT_SECONDS).saturating_mul(1_000);
        let set = window().set_timeout_with_callback_and_timeout_and_arguments_0(&done, after);
        if set.is_err() {
            leptos::logging::warn!("a pause could not be made");
        }
    };
    JsFuture::from(Promise::new(&mut start)).await
}
