//! [hydrate] The view: the server's patches onto the blocks in `#view`. Only the
//! blocks a patch names are touched, so what is scrolled to, selected or unfolded
//! elsewhere stays. It renders nothing itself: the HTML is the server's, or while there is
//! none what `own_view.rs` has made.

use leptos::prelude::document;
use note::view::{Block, Patch};
use wasm_bindgen::JsCast;
use web_sys::{DocumentFragment, Element, HtmlTemplateElement, Node};

use crate::markup::{by_id, set};

/// Where the page keeps which revision it shows.
const REVISION: &str = "data-revision";

/// No revision of a view is so high.
const NOT_TRUSTED: u64 = u64::MAX;

/// Which revision the page's view shows, or none if it cannot be trusted; nothing
/// where there is no view.
pub(crate) fn shown_revision() -> Option<Option<u64>> {
    let view = by_id("view")?;
    let shown = view.get_attribute(REVISION);
    Some(shown.and_then(|shown| shown.parse().ok()))
}

/// What came of a list of patches.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Shown {
    /// The view is as of the new revision.
    Now,
    /// They start from another revision than the page has.
    OutOfStep,
}

/// The view on the page, and which revision of it.
pub(crate) struct Preview {
    revision: u64,
    /// What is shown was made in this page.
    is_own: bool,
}

impl Preview {
    /// The view that the page shows; none where it cannot be trusted.
    pub(crate) fn new(revision: Option<u64>) -> Self {
        Self {
            revision: revision.unwrap_or(NOT_TRUSTED),
            is_own: false,
        }
    }

    /// Whether what is shown is the server's, of a revision.
    pub(crate) fn is_trusted(&self) -> bool {
        self.revision != NOT_TRUSTED
    }

    /// Whether what is shown was made in this page.
    pub(crate) fn is_own(&self) -> bool {
        self.is_own
    }

    /// Applies patches that were made in this page, to what was made in it before or to
    /// nothing. What the server sends after that begins with the whole view.
    pub(crate) fn apply_own(&mut self, patches: &[Patch]) -> Shown {
        let Some(view) = by_id("view") else {
            return Shown::OutOfStep;
        };
        if !self.is_own {
            view.set_inner_html("");
        }
        self.revision = NOT_TRUSTED;
        drop(view.remove_attribute(REVISION));
        self.is_own = patches.iter().all(|patch| swap(&view, patch).is_some());
        if self.is_own {
            Shown::Now
        } else {
            Shown::OutOfStep
        }
    }

    /// Applies patches that lead to a revision, from one, or from nothing.
    pub(crate) fn apply(&mut self, revision: u64, from: Option<u64>, patches: &[Patch]) -> Shown {
        if from.is_some_and(|from| from != self.revision) {
            return Shown::OutOfStep;
        }
        let Some(view) = by_id("view") else {
            return Shown::OutOfStep;
        };
        self.is_own = false;
        if from.is_none() {
            view.set_inner_html("");
        }
        for patch in patches {
            if swap(&view, patch).is_none() {
                // Nothing of the view can be trusted now; the next whole one heals it.
                self.revision = NOT_TRUSTED;
                return Shown::OutOfStep;
            }
        }
        self.revision = revision;
        set(&view, REVISION, &revision.to_string());
        Shown::Now
    }
}

/// Takes out and puts in what one patch says. Between two blocks there is one
/// line end, as in the fragment the server makes, so that the two stay equal.
fn swap(view: &Element, patch: &Patch) -> Option<()> {
    let at = u32::try_from(patch.at).ok()?;
    for _ in 0..patch.remove {
        remove(&view.children().item(at)?)?;
    }
    if patch.insert.is_empty() {
        return Some(());
    }
    let blocks = parsed(&patch.insert)?;
    match view.children().item(at) {
        Some(next) => {
            blocks.append_child(&line_end()).ok()?;
            view.insert_before(&blocks, Some(&next)).ok()?;
        }
        None => {
            if view.children().length() != at {
                return None;
            }
            if at > 0 {
                view.append_child(&line_end()).ok()?;
            }
            view.append_child(&blocks).ok()?;
        }
    }
    Some(())
}

/// Removes a block and the line end that parted it from its neighbour.
fn remove(block: &Element) -> Option<()> {
    let line_end = match block.next_element_sibling() {
        Some(_) => block.next_sibling(),
        None => block.previous_sibling(),
    };
    if let Some(line_end) = line_end.filter(|node| node.node_type() == Node::TEXT_NODE) {
        line_end.parent_node()?.remove_child(&line_end).ok()?;
    }
    block.remove();
    Some(())
}

fn line_end() -> Node {
    document().create_text_node("\n").into()
}

/// Parses blocks in a template, where nothing loads or runs.
fn parsed(blocks: &[Block]) -> Option<DocumentFragment> {
    let template = document()
        .create_element("template")
        .ok()?
        .dyn_into::<HtmlTemplateElement>()
        .ok()?;
    let html: Vec<&str> = blocks.iter().map(|block| &*block.html).collect();
    template.set_inner_html(&html.join("\n"));
    Some(template.content())
}
