//! [hydrate] Bindings to `codemirror/glue.ts`, and nothing else. The glue is a
//! script of its own that leaves the global `tandemEditor`.

use js_sys::{Array, Function, Reflect};
use note::edit::Edit;
use serde::Serialize;
use wasm_bindgen::prelude::*;
use web_sys::Element;

/// Where the selection is, in UTF-16 units; line and column count from one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Selection {
    pub(super) anchor: u32,
    pub(super) head: u32,
    pub(super) line: u32,
    pub(super) column: u32,
}

/// What an editor reports.
pub(super) struct Handlers {
    /// What was typed, ascending, in offsets of the text before; false for what is not
    /// taken, which the editor then does not show.
    pub(super) on_edit: Box<dyn FnMut(Vec<Edit>) -> bool>,
    /// The selection moved, or the text around it did.
    pub(super) on_selection: Box<dyn FnMut(Selection)>,
    /// The source was scrolled.
    pub(super) on_scroll: Box<dyn FnMut()>,
}

/// Somebody else's caret.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub(super) struct Caret {
    pub(super) id: u64,
    pub(super) name: String,
    /// The number of the class `person-…`.
    pub(super) colour: usize,
    pub(super) anchor: u32,
    pub(super) head: u32,
    /// It moved just now, so its name shows for a moment.
    pub(super) moved: bool,
    /// Its person looks elsewhere.
    pub(super) idle: bool,
}

/// An editor in the page.
pub(crate) struct CodeMirror {
    raw: RawEditor,
    /// These live as long as the editor that calls them.
    _edit: Closure<dyn FnMut(Array) -> bool>,
    _selection: Closure<dyn FnMut(u32, u32, u32, u32)>,
    _scroll: Closure<dyn FnMut()>,
}

impl CodeMirror {
    /// Builds an editor in an element; none when the glue is not there.
    pub(super) fn create(
        parent: &Element,
        text: &str,
        read_only: bool,
        handlers: Handlers,
    ) -> Option<Self> {
        let Handlers {
            mut on_edit,
            mut on_selection,
            on_scroll,
        } = handlers;
        let edit = Closure::<dyn FnMut(Array) -> bool>::new(move |changes: Array| {
            on_edit(
                changes
                    .iter()
                    .map(|change| as_edit(change.unchecked_ref()))
                    .collect(),
            )
        });
        let selection =
            Closure::<dyn FnMut(u32, u32, u32, u32)>::new(move |anchor, head, line, column| {
                on_selection(Selection {
                    anchor,
                    head,
                    line,
                    column,
                });
            });
        let scroll = Closure::<dyn FnMut()>::new(on_scroll);
        let factory = Reflect::get(&js_sys::global(), &"tandemEditor".into()).ok()?;
        if factory.is_undefined() {
            return None;
        }
        let raw = factory.unchecked_ref::<Factory>().create(
            parent,
            text,
            read_only,
            edit.as_ref().unchecked_ref(),
            selection.as_ref().unchecked_ref(),
            scroll.as_ref().unchecked_ref(),
        );
        Some(Self {
            raw,
            _edit: edit,
            _selection: selection,
            _scroll: scroll,
        })
    }

    /// Applies what others did: not reported back, not in this page's history.
    pub(super) fn apply_remote(&self, edits: &[Edit]) {
        let from: Vec<u32> = edits.iter().map(|edit| edit.from).collect();
        let to: Vec<u32> = edits.iter().map(|edit| edit.to).collect();
        let inserts: Array = edits
            .iter()
            .map(|edit| JsValue::from_str(&edit.insert))
            .collect();
        self.raw.apply_remote(&from, &to, &inserts);
    }

    /// Makes the text this one, as if others had changed it.
    pub(super) fn show_text(&self, text: &str) {
        self.raw.show_text(text);
    }

    /// Draws these carets and no others.
    pub(super) fn set_carets(&self, carets: &[Caret]) {
        if let Ok(json) = serde_json::to_string(carets) {
            self.raw.set_carets(&json);
        }
    }

    /// Whether the text may be changed from here.
    pub(super) fn set_read_only(&self, read_only: bool) {
        self.raw.set_read_only(read_only);
    }

    /// Puts the caret into the text.
    pub(super) fn focus(&self) {
        self.raw.focus();
    }

    /// Puts the caret at the start of a line, counted from one, and shows it.
    pub(super) fn go_to_line(&self, line: u32) {
        self.raw.go_to_line(line);
    }

    /// The line at the top of what shows, from zero, with the part scrolled past.
    pub(crate) fn top_line(&self) -> f64 {
        self.raw.top_line()
    }

    /// Scrolls so that this line is at the top.
    pub(crate) fn scroll_to_line(&self, line: f64) {
        self.raw.scroll_to_line(line);
    }
}

fn as_edit(change: &Change) -> Edit {
    Edit {
        from: change.from(),
        to: change.to(),
        insert: change.insert(),
    }
}

#[wasm_bindgen]
extern "C" {
    type Factory;

    #[wasm_bindgen(method)]
    fn create(
        this: &Factory,
        parent: &Element,
        text: &str,
        read_only: bool,
        on_edit: &Function,
        on_selection: &Function,
        on_scroll: &Function,
    ) -> RawEditor;

    type RawEditor;

    #[wasm_bindgen(method, js_name = applyRemote)]
    fn apply_remote(this: &RawEditor, from: &[u32], to: &[u32], inserts: &Array);
    #[wasm_bindgen(method, js_name = showText)]
    fn show_text(this: &RawEditor, text: &str);
    #[wasm_bindgen(method, js_name = setCarets)]
    fn set_carets(this: &RawEditor, json: &str);
    #[wasm_bindgen(method, js_name = setReadOnly)]
    fn set_read_only(this: &RawEditor, read_only: bool);
    #[wasm_bindgen(method)]
    fn focus(this: &RawEditor);
    #[wasm_bindgen(method, js_name = goToLine)]
    fn go_to_line(this: &RawEditor, line: u32);
    #[wasm_bindgen(method, js_name = topLine)]
    fn top_line(this: &RawEditor) -> f64;
    #[wasm_bindgen(method, js_name = scrollToLine)]
    fn scroll_to_line(this: &RawEditor, line: f64);

    type Change;

    #[wasm_bindgen(method, getter)]
    fn from(this: &Change) -> u32;
    #[wasm_bindgen(method, getter)]
    fn to(this: &Change) -> u32;
    #[wasm_bindgen(method, getter)]
    fn insert(this: &Change) -> String;
}
