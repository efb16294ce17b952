//! What a note's page starts from, and telling the server of a note that was made on
//! this device.

use js_sys::{Function, Promise, Reflect};
use uuid::Uuid;
use wasm_bindgen::closure::Closure;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{Headers, RequestInit, Response, Window};

/// What a note's page starts from.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Start {
    /// What the server sends.
    #[default]
    Server,
    /// What this device has, until the server is there.
    Device,
    /// Nothing: the note is made here, by whom this device knows (or nil), and the
    /// server is told as soon as it is there.
    MadeHere(Uuid),
}

/// Whether this page opens without a network: only then are notes kept as documents,
/// for what keeps the page also clears old ones away (`app/offline/sw.ts`).
pub(super) fn is_kept_for_later(window: &Window) -> bool {
    let get = |of: &JsValue, name: &str| Reflect::get(of, &name.into()).unwrap_or_default();
    let workers = get(&window.navigator(), "serviceWorker");
    !workers.is_falsy() && !get(&workers, "controller").is_falsy()
}

/// Makes the note of a key on the server, under the id it has here, and tells whether
/// it is there: made now, or by an earlier try whose answer was lost.
pub(super) fn make_note(window: &Window, key: &str, told: impl FnOnce(bool) + 'static) {
    let Ok(answer) = put(window, key) else {
        return told(false);
    };
    let told = Closure::once_into_js(move |answer: JsValue| {
        let status = answer.dyn_ref::<Response>().map(Response::status);
        told(matches!(status, Some(201 | 412)));
    });
    let told: &Function = told.unchecked_ref();
    // A promise that fails has no answer, and is told as none.
    let then = Reflect::get(&answer, &"then".into()).unwrap_or_default();
    if let Some(then) = then.dyn_ref::<Function>() {
        drop(then.call2(&answer, told, told));
    }
}

fn put(window: &Window, key: &str) -> Result<Promise, JsValue> {
    let headers = Headers::new()?;
    headers.set("if-none-match", "*")?;
    headers.set("content-type", "text/markdown")?;
    let request = RequestInit::new();
    request.set_method("PUT");
    request.set_headers(&headers);
    request.set_body(&"".into());
    Ok(window.fetch_with_str_and_init(&[key, ".md"].concat(), &request))
}
