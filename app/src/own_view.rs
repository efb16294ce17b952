//! [hydrate] The view while there is no server: this page renders it, by the same code
//! in a file of its own (`app/view`). It is fetched when it is first wanted; a service
//! worker has it before that.

use std::cell::{Cell, RefCell};
use std::rc::Rc;
use std::time::Duration;

use js_sys::{Promise, Reflect};
use leptos::prelude::set_timeout;
use note::view::Patch;
use wasm_bindgen::prelude::wasm_bindgen;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::{JsFuture, spawn_local};

/// A line that is back by then brings the server's view.
const LOST_FOR: Duration = Duration::from_millis(1_500);
/// Typing must not wait for it.
const RENDER_AFTER: Duration = Duration::from_millis(50);

/// What renders, once it is here, and whether it is about to.
#[derive(Default)]
pub(crate) struct OwnView {
    raw: RefCell<Option<RawView>>,
    was_asked_for: Cell<bool>,
    is_due: Cell<bool>,
}

impl OwnView {
    /// Renders soon, once, however often this is asked for until then; `at_once` where the
    /// page has no view at all.
    pub(crate) fn soon(self: &Rc<Self>, at_once: bool, render: impl Future<Output = ()> + 'static) {
        if self.is_due.replace(true) {
            return;
        }
        let after = match at_once || self.raw.borrow().is_some() {
            true => RENDER_AFTER,
            false => LOST_FOR,
        };
        let own = Rc::clone(self);
        set_timeout(
            move || {
                own.is_due.set(false);
                spawn_local(render);
            },
            after,
        );
    }

    /// Gets ready. False while the file is on its way, and where it did not come: it is
    /// asked for once, for without a service worker it is where the line leads.
    pub(crate) async fn is_here(&self) -> bool {
        if self.raw.borrow().is_some() {
            return true;
        }
        if self.was_asked_for.replace(true) {
            return false;
        }
        self.raw.replace(fetch().await.ok());
        self.raw.borrow().is_some()
    }

    /// The patches that lead to the view of a source, from what was rendered last or from
    /// nothing.
    pub(crate) fn patches(&self, source: &str, from_nothing: bool) -> Option<Vec<Patch>> {
        let raw = self.raw.borrow();
        serde_json::from_str(&raw.as_ref()?.update(source, from_nothing)).ok()
    }
}

async fn fetch() -> Result<RawView, JsValue> {
    let glue = Reflect::get(&js_sys::global(), &"tandemEditor".into())?;
    let coming = glue.unchecked_ref::<Glue>().own_view()?;
    JsFuture::from(coming).await.map(JsCast::unchecked_into)
}

#[wasm_bindgen]
extern "C" {
    /// What `codemirror/glue.ts` leaves behind.
    type Glue;

    #[wasm_bindgen(method, catch, js_name = ownView)]
    fn own_view(this: &Glue) -> Result<Promise, JsValue>;

    /// `OwnView` of `app/view`.
    type RawView;

    #[wasm_bindgen(method)]
    fn update(this: &RawView, source: &str, from_nothing: bool) -> String;
}
