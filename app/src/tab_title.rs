//! [hydrate] What the browser's tab is called: the page's title, and before it how
//! much is unread.

use std::cell::RefCell;

use leptos::prelude::document;

thread_local! {
    static TITLE: RefCell<Option<String>> = const { RefCell::new(None) };
    static PREFIX: RefCell<String> = const { RefCell::new(String::new()) };
}

/// Sets the page's own title.
pub(crate) fn set_title(title: &str) {
    TITLE.set(Some([title, " · Tandem"].concat()));
    show();
}

/// Sets how much is unread, with the words for it.
pub(crate) fn set_unread(unread: u64, count: &str) {
    PREFIX.set(match unread {
        0 => String::new(),
        _ => ["(", count, ") "].concat(),
    });
    show();
}

fn show() {
    let title =
        TITLE.with_borrow_mut(|title| title.get_or_insert_with(|| document().title()).clone());
    let whole = PREFIX.with_borrow(|prefix| [&**prefix, &title].concat());
    document().set_title(&whole);
}
