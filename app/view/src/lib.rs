//! The view of a note, rendered by its page where there is no server to do it. The same
//! code as the server's, in a file of its own: who is connected never fetches it.

use note::view::{Patch, View};
use wasm_bindgen::prelude::wasm_bindgen;

/// The view that one page renders for itself.
#[wasm_bindgen]
#[derive(Default)]
pub struct OwnView(View);

#[wasm_bindgen]
impl OwnView {
    /// A view of nothing.
    #[wasm_bindgen(constructor)]
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Takes the source as it is now and returns patches as JSON: from the source before,
    /// or, where something else is shown, from nothing.
    pub fn update(&mut self, source: &str, from_nothing: bool) -> String {
        let mut patches = self.0.update(source);
        if from_nothing {
            let insert = self.0.blocks();
            patches = vec![Patch {
                insert,
                ..Patch::default()
            }];
        }
        serde_json::to_string(&patches).unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_shown_is_patched_or_made_anew() {
        let mut view = OwnView::new();
        let whole = view.update("# Tea\n\nhot\n", true);
        assert!(whole.contains("<h1") && whole.contains("hot"), "{whole}");
        let patch = view.update("# Tea\n\nhot!\n", false);
        assert!(patch.contains("hot!") && !patch.contains("<h1"), "{patch}");
        assert_eq!(view.update("# Tea\n\nhot!\n", false), "[]");
        let whole = view.update("# Tea\n\nhot!\n", true);
        assert!(whole.contains("<h1") && whole.contains("hot!"), "{whole}");
    }
}
