//! [hydrate] What the browser's tab is called: the page's title, and before it how
//! much is unread. The page itself says what of it that is, for the reader's script
//! changes both as well (`app/reader/title.ts`).

use leptos::prelude::document;

use crate::markup::set;

/// Where it says so.
const UNREAD: &str = "data-unread";

/// Sets the page's own title.
pub(crate) fn set_title(title: &str) {
    show(&unread(), &[title, " · Tandem"].concat());
}

/// Sets how much is unread, with the words for it.
pub(crate) fn set_unread(unread: u64, count: &str) {
    let before = self::unread();
    let title = document().title();
    let own = title.strip_prefix(&*before).unwrap_or(&title);
    let prefix = match unread {
        0 => String::new(),
        _ => ["(", count, ") "].concat(),
    };
    show(&prefix, own);
}

fn unread() -> String {
    let root = document().document_element();
    root.and_then(|root| root.get_attribute(UNREAD))
        .unwrap_or_default()
}

fn show(unread: &str, title: &str) {
    if let Some(root) = document().document_element() {
        set(&root, UNREAD, unread);
    }
    document().set_title(&[unread, title].concat());
}
