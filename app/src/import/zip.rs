//! [hydrate] Bindings to `app/import/zip.ts`, which is fetched when the first zip
//! comes and leaves the global `tandemZip`.

use js_sys::{Array, Function, Promise, Reflect};
use leptos::prelude::document;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;
use web_sys::Blob;

use super::IMPORT_LINES;
use crate::markup::{by_id, set};

/// The Markdown files of a zip.
pub(super) struct Zip {
    pub(super) entries: Vec<Entry>,
    /// How many files of other kinds are in it.
    pub(super) others: u32,
}

/// Opens a zip. An error is a sentence, if it is a string.
pub(super) async fn open(file: &Blob, most_bytes: f64) -> Result<Zip, JsValue> {
    let reader = match reader() {
        Some(reader) => reader,
        None => {
            JsFuture::from(fetched()).await?;
            reader().ok_or(JsValue::NULL)?
        }
    };
    let directory = JsFuture::from(reader.open(file, most_bytes)?).await?;
    let directory: Directory = directory.unchecked_into();
    let entries = directory.entries();
    Ok(Zip {
        entries: entries.iter().map(JsCast::unchecked_into).collect(),
        others: directory.others(),
    })
}

impl Entry {
    /// Unpacks it.
    pub(super) async fn unpacked(&self) -> Result<Blob, JsValue> {
        JsFuture::from(self.read()?).await?.dyn_into()
    }
}

fn reader() -> Option<Reader> {
    let reader = Reflect::get(&js_sys::global(), &"tandemZip".into()).ok()?;
    (!reader.is_undefined()).then(|| reader.unchecked_into())
}

/// Has the script fetched; done when it ran.
fn fetched() -> Promise {
    let mut start = |done: Function, failed: Function| {
        let address = by_id(IMPORT_LINES).and_then(|lines| lines.get_attribute("data-zip"));
        let script = document().create_element("script").ok();
        let (Some(address), Some(script)) = (address, script) else {
            return;
        };
        set(&script, "src", &address);
        for (event, heard) in [("load", &done), ("error", &failed)] {
            if script
                .add_event_listener_with_callback(event, heard)
                .is_err()
            {
                leptos::logging::warn!("{event} of a script is not heard");
            }
        }
        if document()
            .head()
            .is_none_or(|head| head.append_child(&script).is_err())
        {
            leptos::logging::warn!("a script could not be put in");
        }
    };
    Promise::new(&mut start)
}

#[wasm_bindgen]
extern "C" {
    type Reader;

    #[wasm_bindgen(method, catch)]
    fn open(this: &Reader, file: &Blob, most_bytes: f64) -> Result<Promise, JsValue>;

    type Directory;

    #[wasm_bindgen(method, getter)]
    fn entries(this: &Directory) -> Array;
    #[wasm_bindgen(method, getter)]
    fn others(this: &Directory) -> u32;

    /// A file in a zip.
    pub(super) type Entry;

    #[wasm_bindgen(method, getter)]
    pub(super) fn path(this: &Entry) -> String;
    /// Why it cannot be read, in a sentence.
    #[wasm_bindgen(method, getter)]
    pub(super) fn problem(this: &Entry) -> Option<String>;
    #[wasm_bindgen(method, catch)]
    fn read(this: &Entry) -> Result<Promise, JsValue>;
}
