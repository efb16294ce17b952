//! The browser's own database (IndexedDB): edits by note, page and number, beside them
//! the text as a page had it, and notes as documents. It knows no client, and decides
//! nothing. `app/offline/on_device.ts` reads the list of notes, and clears it of old ones.

use std::cell::RefCell;
use std::rc::Rc;

use js_sys::{Array, Function, Object, Reflect, Uint8Array};
use wasm_bindgen::closure::Closure;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{IdbDatabase, IdbKeyRange, IdbOpenDbRequest, IdbTransaction};
use web_sys::{IdbRequest, IdbTransactionMode};

use crate::client::{Found, KeptEdit, KeptNote};

/// Name and version of the database.
const NAME: &str = "tandem";
const VERSION: u32 = 2;
/// Edits by `[note, page, number]`, each as `[page, number, generation, person, update]`.
const EDITS: &str = "edits";
/// Texts by `[note, page]` as `[page, text]`, and doubts by `[note, page, …]` as
/// `[page]`.
const TEXTS: &str = "texts";

/// What the server said of notes last, by note, as
/// `[time, hello, person, title]`,
const NOTES: &str = "notes";
/// and their documents.
const DOCUMENTS: &str = "documents";
const ALL: [&str; 4] = [EDITS, TEXTS, NOTES, DOCUMENTS];

/// One thing to write.
pub(super) enum Write {
    /// An own edit.
    Edit(KeptEdit),
    /// The text as this page has it.
    Text(String),
    /// A page's edits up to a number are no longer wanted; its text neither, when that
    /// is all of them.
    Forget {
        page: String,
        through: u64,
        all: bool,
    },
    /// The server would not have what a page kept.
    Doubt(String),
    /// The note itself, as of a time.
    Note(KeptNote, f64),
}

type Answer<T> = Rc<RefCell<Option<Box<dyn FnOnce(Option<T>)>>>>;

fn give<T>(answer: &Answer<T>, value: Option<T>) {
    let answer = answer.borrow_mut().take();
    if let Some(answer) = answer {
        answer(value);
    }
}

/// A function of JavaScript that runs once. Of a pair of which only one is called the
/// other one stays; there are few, and none for each edit.
pub(super) fn once(body: impl FnOnce() + 'static) -> Function {
    Closure::once_into_js(body).unchecked_into()
}

/// Opens the database; none where the browser has none for this page.
pub(super) fn open(opened: impl FnOnce(Option<IdbDatabase>) + 'static) {
    let answer: Answer<IdbDatabase> = Rc::new(RefCell::new(Some(Box::new(opened))));
    let factory = web_sys::window().and_then(|window| window.indexed_db().ok().flatten());
    let request = factory.and_then(|factory| factory.open_with_u32(NAME, VERSION).ok());
    let Some(request) = request else {
        return give(&answer, None);
    };
    let upgraded = request.clone();
    request.set_onupgradeneeded(Some(&once(move || {
        if let Some(database) = database_of(&upgraded) {
            for store in ALL {
                // Some may be there; without one the transactions fail, and the page is told.
                drop(database.create_object_store(store));
            }
        }
    })));
    let (done, failed) = (Rc::clone(&answer), answer);
    let succeeded = request.clone();
    request.set_onsuccess(Some(&once(move || {
        let database = database_of(&succeeded);
        if let Some(database) = &database {
            // Another version of this page wants to change the database: it may.
            let old = database.clone();
            database.set_onversionchange(Some(&once(move || old.close())));
        }
        give(&done, database);
    })));
    request.set_onerror(Some(&once(move || give(&failed, None))));
}

fn database_of(request: &IdbOpenDbRequest) -> Option<IdbDatabase> {
    request.result().ok()?.dyn_into().ok()
}

/// What was read of a note: what pages kept, and the note itself.
pub(super) type Read = (Vec<Found>, Option<KeptNote>);

/// Reads what is here of a note; none when it cannot be read.
pub(super) fn read(database: &IdbDatabase, note: &str, told: impl FnOnce(Option<Read>) + 'static) {
    let answer: Answer<Read> = Rc::new(RefCell::new(Some(Box::new(told))));
    let started = start_reading(database, note);
    let Ok((transaction, [edits, texts, kept, document])) = started else {
        return give(&answer, None);
    };
    let (done, failed) = (Rc::clone(&answer), answer);
    transaction.set_oncomplete(Some(&once(move || {
        let rows = |request: &IdbRequest| request.result().ok().map(|rows| Array::from(&rows));
        let found = rows(&edits).zip(rows(&texts));
        let kept = kept.result().ok().zip(document.result().ok());
        let kept = kept.and_then(|(kept, document)| note_of(&kept, &document));
        let found = found.map(|(edits, texts)| (gather(&edits, &texts), kept));
        give(&done, found);
    })));
    transaction.set_onabort(Some(&once(move || give(&failed, None))));
}

fn start_reading(
    database: &IdbDatabase,
    note: &str,
) -> Result<(IdbTransaction, [IdbRequest; 4]), JsValue> {
    let stores = all_stores();
    let transaction = database.transaction_with_str_sequence(&stores)?;
    let all = under(&Array::of1(&note.into()))?;
    let edits = transaction.object_store(EDITS)?.get_all_with_key(&all)?;
    let texts = transaction.object_store(TEXTS)?.get_all_with_key(&all)?;
    let kept = transaction.object_store(NOTES)?.get(&note.into())?;
    let document = transaction.object_store(DOCUMENTS)?.get(&note.into())?;
    Ok((transaction, [edits, texts, kept, document]))
}

fn all_stores() -> Array {
    ALL.iter().map(|store| JsValue::from_str(store)).collect()
}

fn note_of(kept: &JsValue, document: &JsValue) -> Option<KeptNote> {
    let kept = kept.dyn_ref::<Array>()?;
    Some(KeptNote {
        hello: kept.get(1).as_string()?,
        person: kept.get(2).as_string()?.parse().ok()?,
        title: kept.get(3).as_string()?,
        document: document.dyn_ref::<Uint8Array>()?.to_vec(),
    })
}

/// The keys of all edits that are kept here, in their order; none where they cannot be read.
pub(super) fn edits(database: &IdbDatabase, told: Box<dyn FnOnce(Option<Array>)>) {
    let answer: Answer<Array> = Rc::new(RefCell::new(Some(told)));
    let request = database
        .transaction_with_str(EDITS)
        .and_then(|transaction| transaction.object_store(EDITS)?.get_all_keys());
    let Ok(request) = request else {
        return give(&answer, None);
    };
    let (done, failed) = (Rc::clone(&answer), answer);
    let read = request.clone();
    request.set_onsuccess(Some(&once(move || {
        give(&done, read.result().ok().map(|keys| Array::from(&keys)));
    })));
    request.set_onerror(Some(&once(move || give(&failed, None))));
}

/// Empties the database; tells when that is done, or cannot be.
pub(super) fn clear(database: &IdbDatabase, done: impl FnOnce() + 'static) {
    let answer: Answer<()> = Rc::new(RefCell::new(Some(Box::new(|_| done()))));
    let transaction = database
        .transaction_with_str_sequence_and_mode(&all_stores(), IdbTransactionMode::Readwrite)
        .and_then(|transaction| {
            for store in ALL {
                transaction.object_store(store)?.clear()?;
            }
            Ok(transaction)
        });
    let Ok(transaction) = transaction else {
        return give(&answer, None);
    };
    let (done, failed) = (Rc::clone(&answer), answer);
    transaction.set_oncomplete(Some(&once(move || give(&done, Some(())))));
    transaction.set_onabort(Some(&once(move || give(&failed, None))));
}

/// Starts to write, all of it or nothing.
///
/// # Errors
/// When the database takes nothing now.
pub(super) fn write(
    database: &IdbDatabase,
    (note, page): (&str, &str),
    writes: &[Write],
    (done, failed): (&Function, &Function),
) -> Result<(), JsValue> {
    let transaction = begin(database)?;
    for write in writes {
        write_one(&transaction, note, page, write)?;
    }
    transaction.set_oncomplete(Some(done));
    transaction.set_onabort(Some(failed));
    Ok(())
}

/// A transaction that is over when it is on the disk, not when it is on its way there:
/// a battery may be what ends this page. `web_sys` has that as unstable.
fn begin(database: &IdbDatabase) -> Result<IdbTransaction, JsValue> {
    let options = Object::new();
    Reflect::set(&options, &"durability".into(), &"strict".into())?;
    let transaction: Function =
        Reflect::get(database, &"transaction".into())?.dyn_into::<Function>()?;
    transaction
        .call3(database, &all_stores(), &"readwrite".into(), &options)?
        .dyn_into()
}

fn write_one(
    transaction: &IdbTransaction,
    note: &str,
    page: &str,
    write: &Write,
) -> Result<(), JsValue> {
    let edits = transaction.object_store(EDITS)?;
    let texts = transaction.object_store(TEXTS)?;
    match write {
        Write::Note(kept, time) => {
            let said = Array::of4(
                &(*time).into(),
                &kept.hello.as_str().into(),
                &kept.person.to_string().into(),
                &kept.title.as_str().into(),
            );
            let document = Uint8Array::from(kept.document.as_slice());
            let notes = transaction.object_store(NOTES)?;
            notes.put_with_key(&said, &note.into())?;
            let documents = transaction.object_store(DOCUMENTS)?;
            documents.put_with_key(&document, &note.into())?;
        }
        Write::Edit(row) => {
            let number = JsValue::from(row.number as f64);
            let key = Array::of3(&note.into(), &page.into(), &number);
            let value = Array::of5(
                &page.into(),
                &number,
                &row.generation.as_str().into(),
                &row.person.to_string().into(),
                &Uint8Array::from(row.update.as_slice()),
            );
            edits.put_with_key(&value, &key)?;
        }
        Write::Text(text) => {
            let value = Array::of2(&page.into(), &text.into());
            texts.put_with_key(&value, &Array::of2(&note.into(), &page.into()))?;
        }
        Write::Forget { page, through, all } => {
            let first = Array::of2(&note.into(), &page.into());
            let last = Array::of3(&note.into(), &page.into(), &(*through as f64).into());
            edits.delete(IdbKeyRange::bound(&first, &last)?.as_ref())?;
            if *all {
                texts.delete(under(&first)?.as_ref())?;
            }
        }
        Write::Doubt(page) => {
            let key = Array::of3(&note.into(), &page.into(), &f64::MAX.into());
            texts.put_with_key(&Array::of1(&page.into()), &key)?;
        }
    }
    Ok(())
}

/// Every key that starts with this one: a list comes after all else.
fn under(key: &Array) -> Result<IdbKeyRange, JsValue> {
    let last = key.slice(0, key.length());
    last.push(&Array::new());
    IdbKeyRange::bound(key, &last)
}

/// Puts together what each page kept. Rows come ordered by page and number.
fn gather(edits: &Array, texts: &Array) -> Vec<Found> {
    let mut found: Vec<Found> = Vec::new();
    for value in edits.iter() {
        let Some((page, row)) = row_of(&Array::from(&value)) else {
            continue;
        };
        match found.last_mut() {
            Some(last) if last.page == page => last.rows.push(row),
            _ => found.push(Found {
                page,
                rows: vec![row],
                text: None,
                doubtful: false,
            }),
        }
    }
    for value in texts.iter() {
        let value = Array::from(&value);
        let page = value.get(0).as_string();
        if let Some(found) = found
            .iter_mut()
            .find(|found| Some(&found.page) == page.as_ref())
        {
            match value.get(1).as_string() {
                Some(text) => found.text = Some(text),
                None => found.doubtful = true,
            }
        }
    }
    found
}

fn row_of(value: &Array) -> Option<(String, KeptEdit)> {
    let row = KeptEdit {
        number: value.get(1).as_f64()? as u64,
        generation: value.get(2).as_string()?,
        person: value.get(3).as_string()?.parse().ok()?,
        update: value.get(4).dyn_into::<Uint8Array>().ok()?.to_vec(),
    };
    Some((value.get(0).as_string()?, row))
}
