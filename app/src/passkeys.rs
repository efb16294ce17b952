//! [hydrate] Passkeys in the page: asks the server what to ask for, the browser
//! for it, and takes the answer back. What is in between passes through as JSON;
//! the browser reads and writes that itself.

use js_sys::{Function, JSON, Object, Promise, Reflect};
use leptos::prelude::window;
use leptos::task::spawn_local;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{Element, Headers, HtmlButtonElement, HtmlInputElement, RequestInit, Response};

use crate::markup::{find, write};

/// Where the place for problems is.
const PLACE: &str = "[data-passkeys]";
const PROBLEM: &str = "[role=alert]";

const NO_ANSWER: &str = "The server does not answer. Try again.";
const NO_PASSKEYS: &str = "This browser cannot use passkeys. Try another one.";
const GIVEN_UP: &str = "No passkey was chosen. Try again when you have it at hand.";
const THERE_ALREADY: &str = "This device has a passkey of your account already.";

/// What is done with a passkey, and how server and browser call it.
pub(crate) struct Deed {
    api: &'static str,
    parse: &'static str,
    method: &'static str,
}

/// A passkey is made.
pub(crate) const REGISTER: Deed = Deed {
    api: "/api/passkeys",
    parse: "parseCreationOptionsFromJSON",
    method: "create",
};

/// A passkey is shown.
pub(crate) const SIGN_IN: Deed = Deed {
    api: "/api/sign-in",
    parse: "parseRequestOptionsFromJSON",
    method: "get",
};

/// Does it, as a button wants it, and goes on to where the button says.
pub(crate) fn run(deed: &'static Deed, button: Element) {
    let place = button.closest(PLACE).ok().flatten();
    spawn_local(async move {
        say(place.as_ref(), "");
        disable(&button, true);
        match ask(deed, name_in(place.as_ref())).await {
            Ok(()) => go_on(&button),
            Err(problem) => {
                let sentence = problem.as_string();
                say(place.as_ref(), sentence.as_deref().unwrap_or(NO_PASSKEYS));
                disable(&button, false);
            }
        }
    });
}

/// An error is a sentence, if it is a string.
async fn ask(deed: &Deed, name: String) -> Result<(), JsValue> {
    let class = Reflect::get(&window(), &"PublicKeyCredential".into())?;
    let parse: Function = Reflect::get(&class, &deed.parse.into())?.dyn_into()?;
    let wish = Object::new();
    Reflect::set(&wish, &"name".into(), &name.into())?;
    let options = send(&format!("{}/options", deed.api), &wish).await?;
    let asked = Object::new();
    Reflect::set(&asked, &"publicKey".into(), &parse.call1(&class, &options)?)?;
    let browser = Reflect::get(&window().navigator(), &"credentials".into())?;
    let method: Function = Reflect::get(&browser, &deed.method.into())?.dyn_into()?;
    let promise: Promise = method.call1(&browser, &asked)?.dyn_into()?;
    let answer = JsFuture::from(promise)
        .await
        .map_err(|error| said(&error))?;
    let to_json: Function = Reflect::get(&answer, &"toJSON".into())?.dyn_into()?;
    send(deed.api, &to_json.call0(&answer)?).await.map(drop)
}

/// Posts JSON and reads what comes back.
async fn send(address: &str, body: &JsValue) -> Result<JsValue, JsValue> {
    let headers = Headers::new()?;
    headers.set("Accept", "application/json")?;
    headers.set("Content-Type", "application/json")?;
    let request = RequestInit::new();
    request.set_method("POST");
    request.set_headers(&headers);
    request.set_body(&JSON::stringify(body)?.into());
    let sent = window().fetch_with_str_and_init(address, &request);
    let no_answer = |_unreachable: JsValue| JsValue::from_str(NO_ANSWER);
    let response: Response = JsFuture::from(sent).await.map_err(no_answer)?.dyn_into()?;
    let answer = JsFuture::from(response.json()?).await.map_err(no_answer)?;
    if response.ok() {
        return Ok(answer);
    }
    let detail = Reflect::get(&answer, &"detail".into())?;
    Err(if detail.is_string() {
        detail
    } else {
        JsValue::from_str(NO_ANSWER)
    })
}

/// What a refusal of the browser means to a person.
fn said(error: &JsValue) -> JsValue {
    let name = Reflect::get(error, &"name".into()).ok();
    let sentence = match name.and_then(|name| name.as_string()).as_deref() {
        Some("NotAllowedError" | "AbortError") => GIVEN_UP,
        Some("InvalidStateError") => THERE_ALREADY,
        _ => NO_PASSKEYS,
    };
    JsValue::from_str(sentence)
}

fn name_in(place: Option<&Element>) -> String {
    let field = place.and_then(|place| find(place, "input[name=name]"));
    let field = field.and_then(|field| field.dyn_into::<HtmlInputElement>().ok());
    field.map(|field| field.value()).unwrap_or_default()
}

fn go_on(button: &Element) {
    let next = button.get_attribute("data-next");
    let place = next.as_deref().unwrap_or("/");
    if window().location().assign(place).is_err() {
        leptos::logging::warn!("the page stays where it is");
    }
}

fn say(place: Option<&Element>, sentence: &str) {
    if let Some(place) = place {
        write(place, PROBLEM, sentence);
    }
}

fn disable(button: &Element, disabled: bool) {
    if let Some(button) = button.dyn_ref::<HtmlButtonElement>() {
        button.set_disabled(disabled);
    }
}
