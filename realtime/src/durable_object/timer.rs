//! The one timer of an object. The group asks again after each tick for what is still
//! to come, so a timer for later need not be set beside one that is.

use std::cell::{Cell, OnceCell};
use std::rc::Rc;

use wasm_bindgen::prelude::*;

use super::Host;
use super::inner::{Inner, now};
use crate::group::Group;
use crate::session::Timestamp;

/// When it rings, and what it calls then.
#[derive(Default)]
pub(super) struct Timer {
    set: Cell<Option<(Timestamp, f64)>>,
    ring: OnceCell<Closure<dyn FnMut()>>,
}

impl<H: Host> Inner<H> {
    /// Has [`Group::tick`] called at this time, or at an earlier one that was asked for.
    pub(super) fn start_timer(self: &Rc<Self>, at: Timestamp) {
        if let Some((due, id)) = self.timer.set.get() {
            if due <= at {
                return;
            }
            clear_timeout(id);
        }
        let ring = self.timer.ring.get_or_init(|| {
            let inner = Rc::downgrade(self);
            Closure::new(move || {
                if let Some(inner) = inner.upgrade() {
                    inner.tick();
                }
            })
        });
        #[expect(clippy::cast_precision_loss, reason = "less than a minute")]
        let wait = at.saturating_sub(now()) as f64;
        self.timer.set.set(Some((at, set_timeout(ring, wait))));
    }

    /// Takes back what was asked for.
    pub(super) fn stop_timer(&self) {
        if let Some((_, id)) = self.timer.set.take() {
            clear_timeout(id);
        }
    }

    fn tick(self: &Rc<Self>) {
        self.timer.set.set(None);
        H::noticed(&self.env, "timer");
        if self.is_sending() {
            return;
        }
        match self.turn(Group::tick) {
            Ok(later) => self.finish_later(later),
            Err(error) => worker::console_error!("timer: {error}"),
        }
    }
}

// `worker::Delay` makes a future, a closure and a promise for each.
#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(js_name = setTimeout)]
    fn set_timeout(ring: &Closure<dyn FnMut()>, wait_ms: f64) -> f64;

    #[wasm_bindgen(js_name = clearTimeout)]
    fn clear_timeout(id: f64);
}
