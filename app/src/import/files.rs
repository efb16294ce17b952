//! [hydrate] Files on their way to the server, one after the other: many at once
//! would only wait for each other there.

use leptos::prelude::document;
use leptos::task::spawn_local;
use realtime::MAX_TITLE_CHARS;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{Blob, DragEvent, Element, Event, File, FileList, HtmlInputElement};

use super::send::send;
use super::{
    HOME, IMPORT_DONE, IMPORT_FILES, IMPORT_LINE, IMPORT_LINES, MAX_FILES, MAX_ZIPPED, zip,
};
use crate::markup::{by_id, copy_of, listen as hear, set, show, write};

const NO_ANSWER: &str = "Not imported: the server does not answer. Try again.";
const TOO_LARGE: &str = "Not imported: it is longer than a note may be. Split it.";
const NO_MARKDOWN: &str = "Not imported: only .md files become notes.";
const TOO_MANY_ZIPPED: &str = "Not imported: too many in one zip. Put the rest into another.";
const TOO_MANY: &str = "Not imported: too many at once. Drop the rest again.";

/// Where a line says what became of its file.
const SAID: &str = ".import-said";
/// How names of files end that become notes.
const MARKDOWN: [&str; 2] = [".markdown", ".md"];

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

/// Makes a note of each file, in their order; of a zip, of each in it.
fn take(files: FileList) {
    let files: Vec<File> = (0..files.length()).filter_map(|at| files.get(at)).collect();
    let waiting: Vec<_> = files
        .into_iter()
        .filter_map(|file| Some((line(&file.name())?, file)))
        .collect();
    spawn_local(async move {
        for (at, (line, file)) in (0_u32..).zip(waiting) {
            if at >= MAX_FILES {
                ended(&line, Err(JsValue::from_str(TOO_MANY)));
            } else if ends_in(&file.name(), &[".zip"]) {
                take_zip(&line, &file).await;
            } else {
                let done = match refused(&file) {
                    Some(sentence) => Err(JsValue::from_str(sentence)),
                    None => import(&line, &file, &file.name()).await,
                };
                ended(&line, done);
            }
        }
    });
}

/// Makes a note of each Markdown file of a zip; its own line says how many.
async fn take_zip(own: &Element, file: &File) {
    write(own, SAID, "Opening …");
    let zip = match zip::open(file, most_bytes()).await {
        Ok(zip) => zip,
        Err(problem) => return ended(own, Err(problem)),
    };
    let (mut done, mut last) = (0_u32, own.clone());
    let count = zip.entries.len();
    for (at, entry) in (0_u32..).zip(&zip.entries) {
        write(own, SAID, &format!("{done} of {count} imported …"));
        let Some(line) = line(&entry.path()) else {
            return;
        };
        // Its lines stand under it, whatever was chosen beside it.
        if last.after_with_node_1(&line).is_err() {
            leptos::logging::warn!("a line stands at the end");
        }
        last = line.clone();
        let became = if at >= MAX_ZIPPED {
            Err(JsValue::from_str(TOO_MANY_ZIPPED))
        } else if let Some(problem) = entry.problem() {
            Err(problem.into())
        } else {
            match entry.unpacked().await {
                Ok(text) => import(&line, &text, &entry.path()).await,
                Err(problem) => Err(problem),
            }
        };
        done += u32::from(became.is_ok());
        ended(&line, became);
    }
    write(own, SAID, &summary(done, count, zip.others));
    if done == 0 {
        set(own, "data-problem", "");
    }
}

/// What became of a zip, in a sentence.
fn summary(done: u32, count: usize, others: u32) -> String {
    if count == 0 {
        return "There is no .md file in it".to_owned();
    }
    let left_out = match others {
        0 => String::new(),
        1 => "; 1 other file was left out".to_owned(),
        more => format!("; {more} other files were left out"),
    };
    format!("{done} of {count} imported{left_out}")
}

/// Makes a note of a text, called as its file is.
async fn import(line: &Element, text: &Blob, path: &str) -> Result<String, JsValue> {
    write(line, SAID, "Importing …");
    let name = path.rsplit('/').next().unwrap_or(path);
    let mut ends = MARKDOWN.into_iter();
    let cut = ends.find(|end| ends_in(name, &[*end]));
    let name = cut.and_then(|end| name.get(..name.len() - end.len()));
    // A file may be called by more than a note may.
    let name: String = name
        .into_iter()
        .flat_map(str::chars)
        .take(MAX_TITLE_CHARS)
        .collect();
    let waits = || write(line, SAID, "Waits: the server takes more in a minute");
    send(text, &name, waits).await
}

/// Says what became of a file: the address of its note, or a sentence, if it is a
/// string.
fn ended(line: &Element, became: Result<String, JsValue>) {
    match became {
        Ok(address) => {
            if let Some(way) = by_id(IMPORT_DONE) {
                show(&way, true);
            }
            if let Some(name) = crate::markup::find(line, ".import-name") {
                set(&name, "href", &address);
            }
            write(line, SAID, "Imported");
        }
        Err(problem) => {
            set(line, "data-problem", "");
            let sentence = problem.as_string();
            write(line, SAID, sentence.as_deref().unwrap_or(NO_ANSWER));
        }
    }
}

/// A line for a file.
fn line(name: &str) -> Option<Element> {
    let lines = by_id(IMPORT_LINES)?;
    let line = copy_of(IMPORT_LINE)?;
    write(&line, ".import-name", name);
    write(&line, SAID, "Waits");
    show(&lines, true);
    lines.append_child(&line).ok()?;
    Some(line)
}

/// Why a file is not even sent.
fn refused(file: &File) -> Option<&'static str> {
    if !ends_in(&file.name(), &MARKDOWN) {
        Some(NO_MARKDOWN)
    } else if file.size() > most_bytes() {
        Some(TOO_LARGE)
    } else {
        None
    }
}

/// How long a note may be; the page says it.
fn most_bytes() -> f64 {
    let most = by_id(IMPORT_LINES).and_then(|lines| lines.get_attribute("data-most"));
    most.and_then(|most| most.parse().ok()).unwrap_or(0.0)
}

fn ends_in(name: &str, ends: &[&str]) -> bool {
    let name = name.to_lowercase();
    ends.iter().any(|end| name.ends_with(end))
}
