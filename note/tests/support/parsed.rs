//! HTML as a browser reads it.

use html5ever::tendril::TendrilSink as _;
use html5ever::{ParseOpts, QualName, local_name, ns, parse_fragment};
use markup5ever_rcdom::{Handle, RcDom};

/// What a browser makes of a fragment that stands in a `div`.
pub(super) fn parsed(html: &str) -> RcDom {
    let context = QualName::new(None, ns!(html), local_name!("div"));
    let parser = parse_fragment(
        RcDom::default(),
        ParseOpts::default(),
        context,
        vec![],
        false,
    );
    parser.one(html)
}

/// The element that holds the fragment's; it lives as long as the whole.
pub(super) fn root(dom: &RcDom) -> Handle {
    dom.document.children.borrow().first().cloned().unwrap()
}
