//! [hydrate] Files on their way to the server, one after the other: many at once
//! would only wait for each other there.

use js_sys::{JSON, Reflect};
use leptos::prelude::{document, window};
use leptos::task::spawn_local;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{
    DragEvent, Element, Event, File, FileList, Headers, HtmlInputElement, RequestInit, Response,
};

use super::{HOME, IMPORT_DONE, IMPORT_FILES, IMPORT_LINE, IMPORT_LINES, MAX_FILES};
use crate::markup::{by_id, copy_of, listen as hear, set, show, write};

const NO_ANSWER: &str = "Not imported: the server does not answer. Try again.";
const TOO_LARGE: &str = "Not imported: it is longer than a note may be. Split it.";
const NO_MARKDOWN: &str = "Not imported: only .md files become notes.";
const TOO_MANY: &str = "Not imported: too many at once. Drop the rest again.";

/// Takes files on home, as long as the page lives.
pub(crate) fn listen() {
    let (Some(home), Some(field)) = (by_id(HOME), by_id(IMPORT_FILES)) else {
        return;
    };
    let Ok(field) = field.dyn_into::<HtmlInputElement>() else {
        return;
    };
    // Whoever was quicker than the page has chosen already.
    take_from(&field);
    let chosen = field.clone();
    hear(&field, "change", move |_| take_from(&chosen));
    // Everywhere on the page: a file that misses would be opened by the browser.
    let page = document();
    let marked = home.clone();
    hear(&page, "dragover", move |event| {
        if dragged(&event).is_some() {
            event.prevent_default();
            set(&marked, "data-dropping", "");
        }
    });
    let marked = home.clone();
    hear(&page, "dragleave", move |event| {
        // Between two elements of the page there is another one; outside is none.
        let left = event
            .dyn_ref::<DragEvent>()
            .is_none_or(|event| event.related_target().is_none());
        if left {
            end(&marked);
        }
    });
    hear(&page, "drop", move |event| {
        end(&home);
        if let Some(files) = dragged(&event) {
            event.prevent_default();
            take(files);
        }
    });
}

/// Takes what was chosen, and lets the same file be chosen again.
fn take_from(field: &HtmlInputElement) {
    if let Some(files) = field.files() {
        take(files);
    }
    field.set_value("");
}

fn end(home: &Element) {
    if home.remove_attribute("data-dropping").is_err() {
        leptos::logging::warn!("the frame stays");
    }
}

/// The files of a drag; none for a text or a link.
fn dragged(event: &Event) -> Option<FileList> {
    let data = event.dyn_ref::<DragEvent>()?.data_transfer()?;
    let has_files = data.types().includes(&"Files".into(), 0);
    has_files.then(|| data.files()).flatten()
}

/// Makes a note of each file, in their order.
fn take(files: FileList) {
    let files: Vec<File> = (0..files.length()).filter_map(|at| files.get(at)).collect();
    let waiting: Vec<_> = files
        .into_iter()
        .filter_map(|file| Some((line(&file.name())?, file)))
        .collect();
    spawn_local(async move {
        for (at, (line, file)) in (0_u32..).zip(waiting) {
            write(&line, ".import-said", "Importing …");
            let done = match refused(at, &file) {
                Some(sentence) => Err(JsValue::from_str(sentence)),
                None => send(&file).await,
            };
            match done {
                Ok(address) => {
                    if let Some(way) = by_id(IMPORT_DONE) {
                        show(&way, true);
                    }
                    if let Some(name) = crate::markup::find(&line, ".import-name") {
                        set(&name, "href", &address);
                    }
                    write(&line, ".import-said", "Imported");
                }
                Err(problem) => {
                    set(&line, "data-problem", "");
                    let sentence = problem.as_string();
                    write(
                        &line,
                        ".import-said",
                        sentence.as_deref().unwrap_or(NO_ANSWER),
                    );
                }
            }
        }
    });
}

/// A line for a file.
fn line(name: &str) -> Option<Element> {
    let lines = by_id(IMPORT_LINES)?;
    let line = copy_of(IMPORT_LINE)?;
    write(&line, ".import-name", name);
    write(&line, ".import-said", "Waits");
    show(&lines, true);
    lines.append_child(&line).ok()?;
    Some(line)
}

/// Why a file is not even sent.
fn refused(at: u32, file: &File) -> Option<&'static str> {
    let name = file.name().to_lowercase();
    let most = by_id(IMPORT_LINES)?.get_attribute("data-most")?;
    let most: f64 = most.parse().ok()?;
    if at >= MAX_FILES {
        Some(TOO_MANY)
    } else if ![".md", ".markdown"].iter().any(|end| name.ends_with(end)) {
        Some(NO_MARKDOWN)
    } else if file.size() > most {
        Some(TOO_LARGE)
    } else {
        None
    }
}

/// Sends a file and returns its note's address. An error is a sentence, if it is
/// a string.
async fn send(file: &File) -> Result<String, JsValue> {
    let headers = Headers::new()?;
    headers.set("Content-Type", "text/markdown")?;
    headers.set("Accept", "application/json")?;
    let request = RequestInit::new();
    request.set_method("POST");
    request.set_headers(&headers);
    request.set_body(file);
    let sent = window().fetch_with_str_and_init("/api/notes", &request);
    // A refused fetch is an object that explains nothing to a person.
    let response = JsFuture::from(sent)
        .await
        .map_err(|_unreachable: JsValue| JsValue::NULL)?;
    let response: Response = response.dyn_into()?;
    if let Some(address) = response.headers().get("Location")? {
        return Ok(address);
    }
    let problem = JsFuture::from(response.text()?).await?;
    let problem = JSON::parse(&problem.as_string().unwrap_or_default())?;
    Err(Reflect::get(&problem, &"detail".into())?)
}
