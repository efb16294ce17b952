//! [hydrate] The bell's button and panel: the badge, the tabs, and opening a
//! place, which marks its row as read on every device.

use std::cell::RefCell;
use std::rc::Rc;

use leptos::prelude::window;
use realtime::{ClientOptions, Output, RealtimeClient, init_realtime_client};
use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlElement, KeyboardEvent, UrlSearchParams};

use super::inbox::Inbox;
use super::{ALL, BELL, BELL_BUTTON, rows};
use crate::markup::{by_id, find, focus, listen as hear, nearest, set, show as reveal, write};

/// Counts above this show as "99+".
const MOST_SHOWN: u64 = 99;

/// The bell of the page.
pub(super) struct Bell {
    pub(super) panel: Element,
    pub(super) inbox: RefCell<Inbox>,
    pub(super) tab: RefCell<String>,
    /// Kept, for without it the socket would be closed.
    client: RefCell<Option<RealtimeClient>>,
}

/// Brings the bell to life, if the page has one.
pub(crate) fn listen() {
    let Some(panel) = by_id(BELL) else { return };
    let Some(person) = panel.get_attribute("data-person") else {
        return;
    };
    let bell = Rc::new(Bell {
        panel,
        inbox: RefCell::default(),
        tab: RefCell::new(ALL.to_owned()),
        client: RefCell::default(),
    });
    let told = Rc::clone(&bell);
    let options = ClientOptions {
        revision: None,
        on_output: Box::new(move |output| {
            if let Output::Event(event) = output
                && told.inbox.borrow_mut().hear(&event)
            {
                told.show();
            }
        }),
    };
    bell.client
        .replace(init_realtime_client(&["/user/", &person].concat(), options));

    let toggled = Rc::clone(&bell);
    hear(&bell.panel, "toggle", move |_| toggled.toggled());
    let clicked = Rc::clone(&bell);
    hear(&bell.panel, "click", move |event| {
        if let Some(tab) = nearest(&event, "[role=tab]") {
            clicked.choose(&tab);
        } else if nearest(&event, ".bell-more").is_some() {
            clicked.inbox.borrow_mut().hold();
            clicked.show();
        } else if let Some(link) = nearest(&event, ".bell-link") {
            clicked.follow(&link);
        }
    });
    let pressed = Rc::clone(&bell);
    hear(&bell.panel, "keydown", move |event| {
        if let (Some(tab), Some(key)) = (
            nearest(&event, "[role=tab]"),
            event.dyn_ref::<KeyboardEvent>(),
        ) {
            let next = match key.key().as_str() {
                "ArrowRight" => tab.next_element_sibling(),
                "ArrowLeft" => tab.previous_element_sibling(),
                _ => None,
            };
            if let Some(next) = next {
                pressed.choose(&next);
                focus(&next);
            }
        }
    });
    if bell.is_open() {
        bell.toggled();
    }
}

impl Bell {
    fn toggled(&self) {
        if self.is_open() {
            self.inbox.borrow_mut().hold();
        } else {
            self.inbox.borrow_mut().let_go();
        }
        self.show();
    }

    /// On its own page the panel is no popover, and always shows what is new.
    fn is_open(&self) -> bool {
        self.panel.matches(":popover-open").unwrap_or(false)
    }

    /// Shows everything as it is now.
    fn show(&self) {
        let inbox = self.inbox.borrow();
        rows::show(self, &inbox);
        if inbox.is_known() {
            show_unread(inbox.unread());
        }
    }

    /// Shows what is under another tab.
    fn choose(&self, tab: &Element) {
        let mut each = tab
            .parent_element()
            .and_then(|tabs| tabs.first_element_child());
        while let Some(other) = each {
            let chosen = &other == tab;
            set(
                &other,
                "aria-selected",
                if chosen { "true" } else { "false" },
            );
            set(&other, "tabindex", if chosen { "0" } else { "-1" });
            each = other.next_element_sibling();
        }
        self.tab
            .replace(tab.get_attribute("data-tab").unwrap_or_default());
        rows::show(self, &self.inbox.borrow());
    }

    /// The browser opens the place; the row is read from now on. A beacon goes out
    /// even while the page is being left.
    fn follow(&self, link: &Element) {
        let row = link.closest("[data-id]").ok().flatten();
        let id = row
            .and_then(|row| row.get_attribute("data-id"))
            .unwrap_or_default();
        let sent = UrlSearchParams::new().and_then(|fields| {
            fields.append("ids", &id);
            let path = "/api/fn/mark_read";
            window()
                .navigator()
                .send_beacon_with_opt_url_search_params(path, Some(&fields))
        });
        if sent != Ok(true) {
            leptos::logging::warn!("the notification stays unread");
        }
        if self.is_open()
            && let Some(panel) = self.panel.dyn_ref::<HtmlElement>()
            && panel.hide_popover().is_err()
        {
            leptos::logging::warn!("the panel stays open");
        }
    }
}

/// The badge, what the button is called with it, and the tab's title.
fn show_unread(unread: u64) {
    let count = if unread > MOST_SHOWN {
        "99+".to_owned()
    } else {
        unread.to_string()
    };
    if let Some(button) = by_id(BELL_BUTTON) {
        write(&button, ".badge", &count);
        if let Some(badge) = find(&button, ".badge") {
            reveal(&badge, unread > 0);
        }
        let label = match unread {
            0 => "Notifications".to_owned(),
            _ => ["Notifications, ", &count, " unread"].concat(),
        };
        set(&button, "aria-label", &label);
        let spoken = if unread > 0 { &*label } else { "" };
        if let Some(around) = button.parent_element() {
            write(&around, ".bell-spoken", spoken);
        }
    }
    crate::tab_title::set_unread(unread, &count);
}
