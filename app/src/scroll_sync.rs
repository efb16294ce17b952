//! [hydrate] Synced scroll: the pane that a person scrolls leads, the other shows
//! the same place. Places are matched at the headings, which both panes have in
//! the same order, and in proportion between two of them.

mod places;

use std::cell::{Cell, RefCell};

use leptos::prelude::document;
use wasm_bindgen::JsCast;
use wasm_bindgen::closure::Closure;
use web_sys::{Element, HtmlElement};

use crate::clock::now_ms;
use crate::editor::CodeMirror;
use crate::markup::find_all;
use places::Places;

/// A pane that was moved to follow reports a scroll as well; for so long it is
/// not taken for a person's.
const ECHO_MS: u64 = 150;

const HEADINGS: &str = ":scope > :is(h1, h2, h3, h4, h5, h6)";

/// Which pane leads, and how their places match.
#[derive(Default)]
pub(crate) struct ScrollSync {
    /// Until when the source's scrolling is an echo.
    source_echoes_until: Cell<u64>,
    /// Until when the view's scrolling is an echo.
    view_echoes_until: Cell<u64>,
    /// Made when somebody scrolls, dropped a moment after either side changed: who types at
    /// the end of a note scrolls with each line, and making them goes over the whole note.
    places: RefCell<Option<Places>>,
}

impl ScrollSync {
    /// Reports the view's scrolling from now on.
    pub(crate) fn listen(&self, on_scroll: impl FnMut() + 'static) {
        let Some(pane) = pane() else { return };
        let heard = Closure::<dyn FnMut()>::new(on_scroll);
        if pane
            .add_event_listener_with_callback("scroll", heard.as_ref().unchecked_ref())
            .is_err()
        {
            leptos::logging::warn!("the panes will not scroll together");
        }
        // The listener lives as long as the page.
        heard.forget();
    }

    /// The source or the view changed, so places have to be matched anew.
    pub(crate) fn changed(&self) {
        self.places.replace(None);
    }

    /// Moves the view to where the source is.
    pub(crate) fn follow_source(&self, editor: &CodeMirror, text: impl FnOnce() -> String) {
        if now_ms() < self.source_echoes_until.get() {
            return;
        }
        let Some(pane) = pane() else { return };
        let top = self.with_places(text, |places| places.to_view(editor.top_line()));
        self.view_echoes_until.set(now_ms() + ECHO_MS);
        pane.set_scroll_top(top.round() as i32);
    }

    /// Moves the source to where the view is.
    pub(crate) fn follow_view(&self, editor: &CodeMirror, text: impl FnOnce() -> String) {
        if now_ms() < self.view_echoes_until.get() {
            return;
        }
        let Some(pane) = pane() else { return };
        let line = self.with_places(text, |places| {
            places.to_source(f64::from(pane.scroll_top()))
        });
        self.source_echoes_until.set(now_ms() + ECHO_MS);
        editor.scroll_to_line(line);
    }

    /// The line at the top of the view, counted from zero.
    pub(crate) fn line_of_view(&self, text: impl FnOnce() -> String) -> f64 {
        let top = pane().map_or(0, |pane| pane.scroll_top());
        self.with_places(text, |places| places.to_source(f64::from(top)))
    }

    /// Scrolls the view so that a line is at its top.
    pub(crate) fn show_line_in_view(&self, line: f64, text: impl FnOnce() -> String) {
        if let Some(pane) = pane() {
            let top = self.with_places(text, |places| places.to_view(line));
            pane.set_scroll_top(top.round() as i32);
        }
    }

    fn with_places(&self, text: impl FnOnce() -> String, body: impl FnOnce(&Places) -> f64) -> f64 {
        let mut places = self.places.borrow_mut();
        let places = places.get_or_insert_with(|| {
            let text = text();
            let (headings, height) = view_headings();
            Places::matched(
                &places::heading_lines(&text),
                text.lines().count(),
                &headings,
                height,
            )
        });
        body(places)
    }
}

/// How far down each heading of the view begins, and how high the view is.
fn view_headings() -> (Vec<f64>, f64) {
    let Some(pane) = pane() else {
        return (Vec::new(), 0.0);
    };
    let Some(view) = document().get_element_by_id("view") else {
        return (Vec::new(), 0.0);
    };
    let headings = find_all(&view, HEADINGS)
        .into_iter()
        .filter_map(|heading| heading.dyn_into::<HtmlElement>().ok())
        .map(|heading| f64::from(heading.offset_top()))
        .collect();
    (headings, f64::from(pane.scroll_height()))
}

fn pane() -> Option<Element> {
    document().get_element_by_id("view-pane")
}
