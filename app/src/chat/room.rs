//! [hydrate] The chat that this page has: one socket, one log of messages, and
//! the parts of the panel that show them. What happened comes in here, is given
//! to `realtime::ChatLog`, and is shown; what the log wants asked is asked.

use std::cell::{Cell, OnceCell, RefCell};
use std::rc::Rc;

use leptos::prelude::{Set, document, set_interval, set_timeout, window};
use realtime::{
    Access, Ask, ChatLog, ClientOptions, Event, Link, Output, Participant, RealtimeClient,
    Refusable, init_realtime_client,
};
use std::time::Duration;
use web_sys::{Element, VisibilityState};

use super::asked::{self, Named};
use super::{CHAT, CHAT_BUTTON, compose, drawer, log, menu};
use crate::clock::{hour_and_minute, now_ms};
use crate::markup::{by_id, find, listen as hear, set, show, write};
use crate::session::Session;

/// How often what passes with time is looked at: typing, slow mode.
const TICK: Duration = Duration::from_secs(1);
/// How long after past messages came the log is spoken again.
const QUIET: Duration = Duration::from_millis(300);
/// So close to an end, in pixels, counts as being there.
const NEAR_PX: i32 = 40;
/// So close to the start, in pixels, older messages are fetched.
const FETCH_WITHIN_PX: i32 = 400;

/// The chat of the page.
pub(super) struct Chat {
    /// The panel with everything in it.
    pub(super) panel: Element,
    /// What scrolls.
    scroll: Element,
    client: OnceCell<RealtimeClient>,
    pub(super) log: RefCell<ChatLog>,
    /// Who is here, by the server's word.
    pub(super) people: RefCell<Vec<Participant>>,
    access: Cell<Access>,
    /// Whether the room has said what messages there are.
    pub(super) arrived: Cell<bool>,
    /// Above which message the rule stands that says what is new.
    pub(super) new_from: Cell<Option<u64>>,
    /// The message that is being changed.
    pub(super) changes: Cell<Option<u64>>,
    /// What comes into the field once what stands there is sent or left.
    pub(super) draft: RefCell<String>,
    /// The message whose menu was opened last.
    pub(super) chosen: Cell<Option<u64>>,
    /// A message that the address names and that was not shown yet.
    wanted: RefCell<Option<String>>,
    /// How the socket stands, as a sentence; empty when well.
    trouble: RefCell<String>,
}

/// Brings the page's chat to life, if it has one.
pub(crate) fn listen() {
    let Some(panel) = by_id(CHAT) else { return };
    let (Some(room), Some(scroll)) = (
        panel.get_attribute("data-room"),
        find(&panel, ".chat-scroll"),
    ) else {
        return;
    };
    // As the page was served, until the room says it.
    let served = match find(&panel, ".chat-form:not([hidden])") {
        Some(_) => Access::Edit,
        None => Access::View,
    };
    let chat = Rc::new(Chat {
        panel,
        scroll,
        client: OnceCell::new(),
        log: RefCell::default(),
        people: RefCell::default(),
        access: Cell::new(served),
        arrived: Cell::new(false),
        new_from: Cell::new(None),
        changes: Cell::new(None),
        draft: RefCell::default(),
        chosen: Cell::new(None),
        wanted: RefCell::default(),
        trouble: RefCell::default(),
    });
    let told = Rc::clone(&chat);
    let client = init_realtime_client(
        &room,
        ClientOptions {
            revision: None,
            on_output: Box::new(move |output| told.hear(output)),
        },
    );
    let Some(client) = client else { return };
    if chat.client.set(client).is_err() {
        return;
    }
    compose::listen(&chat);
    menu::listen(&chat);
    drawer::listen(&chat);
    chat.listen();
}

impl Chat {
    fn listen(self: &Rc<Self>) {
        let chat = Rc::clone(self);
        hear(&self.scroll, "scroll", move |_| chat.scrolled());
        let chat = Rc::clone(self);
        hear(&document(), "visibilitychange", move |_| chat.look());
        let chat = Rc::clone(self);
        hear(&window(), "hashchange", move |_| chat.follow_address());
        let chat = Rc::clone(self);
        hear(&window(), "beforeunload", move |event| {
            if chat.log.borrow().has_unsent() {
                event.prevent_default();
            }
        });
        if let Some(jump) = find(&self.panel, ".chat-jump") {
            let chat = Rc::clone(self);
            hear(&jump, "click", move |_| {
                chat.to_latest();
                chat.look();
                compose::focus(&chat);
            });
        }
        let chat = Rc::clone(self);
        set_interval(move || chat.tick(), TICK);
        self.follow_address();
    }

    /// The client, once it is there; the first output comes before.
    pub(super) fn client(&self) -> Option<&RealtimeClient> {
        self.client.get()
    }

    /// Asks the room for something; false when there is no line.
    pub(super) fn ask(&self, ask: &Ask) -> bool {
        self.client().is_some_and(|client| client.ask(ask))
    }

    /// Whether this page may write.
    pub(super) fn may_write(&self) -> bool {
        self.access.get().can_write()
    }

    /// Whether there is no line just now.
    pub(super) fn is_offline(&self) -> bool {
        !self.trouble.borrow().is_empty()
    }

    /// Whether the chat is all there is, and not beside a note whose room tells who
    /// is here.
    fn is_a_page(&self) -> bool {
        by_id(CHAT_BUTTON).is_none()
    }

    /// Whether there is a note beside it, with lines to link to.
    pub(super) fn has_lines(&self) -> bool {
        find(&self.panel, ".chat-line").is_some()
    }

    /// Whether this page keeps order.
    pub(super) fn keeps_order(&self) -> bool {
        self.access.get() == Access::Own
    }

    /// The author and text of a message, if it is here and stands.
    pub(super) fn message(&self, number: u64) -> Option<realtime::Message> {
        let log = self.log.borrow();
        let found = log.messages().iter().find(|each| each.number == number);
        found.filter(|each| !each.deleted).cloned()
    }

    fn hear(self: &Rc<Self>, output: Output) {
        match output {
            Output::Event(event) => self.on_event(&event),
            Output::Status(status) => {
                let trouble = match status.link {
                    Link::Connecting | Link::Live => String::new(),
                    Link::Offline => "Offline. Trying again…".to_owned(),
                    Link::Closed { reason, .. } => reason,
                };
                self.trouble.replace(trouble);
                self.show();
            }
            _ => {}
        }
    }

    fn on_event(self: &Rc<Self>, event: &Event) {
        let past = matches!(event, Event::Messages { .. });
        match event {
            Event::Hello {
                you,
                access,
                limits,
                ..
            } => {
                self.set_access(*access);
                if let Some(field) = find(&self.panel, "textarea") {
                    set(&field, "maxlength", &limits.text_bytes.to_string());
                }
                if self.is_a_page() {
                    Session::of_page().me.set(Some(you.id));
                }
            }
            Event::Access { access } => self.set_access(*access),
            Event::Presence { people } => {
                self.people.replace(people.clone());
                if self.is_a_page() {
                    Session::of_page().people.set(people.clone());
                }
            }
            Event::Refused {
                what: Refusable::Message | Refusable::Order | Refusable::Frame,
                message,
                id,
                ..
            } => compose::refused(self, id.as_deref(), message),
            _ => {}
        }
        let changed = self.log.borrow_mut().event(event, now_ms());
        self.send_due();
        if !changed {
            return;
        }
        if past {
            if !self.arrived.replace(true) && self.is_open() && !self.is_a_page() {
                // A drawer that was opened before they came opens at what is new all the same.
                self.new_from.set(self.log.borrow().unread_from());
            }
            self.hush();
        }
        self.show();
        if past {
            self.show_wanted();
        }
        self.look();
    }

    fn set_access(&self, access: Access) {
        self.access.set(access);
        let writes = access.can_write();
        for (part, shown) in [(".chat-form", writes), (".chat-reads-only", !writes)] {
            if let Some(part) = find(&self.panel, part) {
                show(&part, shown);
            }
        }
    }

    /// What the log wants sent now.
    pub(super) fn send_due(&self) {
        let due = self.log.borrow_mut().due(now_ms());
        if let Some(ask) = due {
            self.ask(&ask);
        }
    }

    /// Messages of the past are shown, not spoken.
    fn hush(self: &Rc<Self>) {
        if let Some(log) = find(&self.panel, ".chat-log") {
            set(&log, "aria-busy", "true");
            set_timeout(move || set(&log, "aria-busy", "false"), QUIET);
        }
    }

    fn tick(&self) {
        self.send_due();
        self.show_moment();
    }

    /// Shows everything as it is now, and stays where the reader is.
    pub(super) fn show(&self) {
        let at_end = self.is_at_end();
        let (height, top) = (self.scroll.scroll_height(), self.scroll.scroll_top());
        let grew_above = log::show(self);
        if at_end {
            self.to_latest();
        } else if grew_above {
            let grown = self.scroll.scroll_height() - height;
            self.scroll.set_scroll_top(top + grown);
        }
        self.show_moment();
        drawer::show_unread(self);
        self.show_jump();
    }

    /// What is so for a moment only: who types, whether and when one may write.
    fn show_moment(&self) {
        let now = now_ms();
        let log = self.log.borrow();
        let typing = match log.typing(now).as_slice() {
            [] => String::new(),
            [one] => format!("{one} is typing…"),
            [one, other] => format!("{one} and {other} are typing…"),
            _ => "Several people are typing…".to_owned(),
        };
        write(&self.panel, ".chat-typing", &typing);
        let trouble = self.trouble.borrow();
        let wait = log.wait_ms(now).div_ceil(1000);
        let state = match log.muted_until(now) {
            _ if !trouble.is_empty() => trouble.clone(),
            Some(until) => format!("You can't write here until {}.", hour_and_minute(until)),
            None if wait > 0 => format!("Slow mode: {wait} s"),
            None => String::new(),
        };
        write(&self.panel, ".chat-state", &state);
    }

    /// Whether the panel is open and somebody looks at its end.
    fn is_read(&self) -> bool {
        self.is_open() && document().visibility_state() == VisibilityState::Visible
    }

    /// Whether the panel shows.
    pub(super) fn is_open(&self) -> bool {
        !self.panel.has_attribute("hidden")
    }

    /// Says what was seen, if somebody looks. What comes while nobody does is
    /// marked by a rule above it.
    pub(super) fn look(&self) {
        if self.is_read() && self.is_at_end() {
            let newest = self.log.borrow().messages().last().map(|last| last.number);
            let seen = newest.and_then(|newest| self.log.borrow_mut().seen(newest));
            if let Some(ask) = seen {
                self.ask(&ask);
                drawer::show_unread(self);
            }
        } else if self.new_from.get().is_none() {
            let unread_from = self.log.borrow().unread_from();
            if unread_from.is_some() {
                self.new_from.set(unread_from);
                log::show(self);
            }
        }
        self.show_jump();
    }

    fn scrolled(&self) {
        if self.scroll.scroll_top() < FETCH_WITHIN_PX && self.is_open() {
            let older = self.log.borrow_mut().older();
            if let Some(ask) = older {
                self.ask(&ask);
            }
        }
        self.look();
    }

    fn is_at_end(&self) -> bool {
        let below =
            self.scroll.scroll_height() - self.scroll.scroll_top() - self.scroll.client_height();
        below <= NEAR_PX
    }

    /// Goes to the newest message.
    pub(super) fn to_latest(&self) {
        self.scroll.set_scroll_top(self.scroll.scroll_height());
    }

    fn show_jump(&self) {
        let Some(jump) = find(&self.panel, ".chat-jump") else {
            return;
        };
        show(&jump, self.is_open() && !self.is_at_end());
        let unread = self.log.borrow().unread();
        let words = match unread {
            0 => "Jump to latest".to_owned(),
            new => format!("Jump to latest · {new} new"),
        };
        write(&jump, "span", &words);
    }

    /// Opens what the address names: `#chat`, or one message.
    fn follow_address(self: &Rc<Self>) {
        let message = match asked::by_address() {
            None => return,
            Some(Named::Chat) => None,
            Some(Named::Message(id)) => Some(id),
        };
        self.wanted.replace(message);
        drawer::open(self);
        self.show_wanted();
    }

    /// Scrolls to the message that the address names, once it is here.
    fn show_wanted(&self) {
        let wanted = self.wanted.borrow().clone();
        if let Some(row) = wanted.and_then(|wanted| by_id(&wanted)) {
            self.wanted.replace(None);
            row.scroll_into_view_with_bool(false);
        } else if self.wanted.borrow().is_some() {
            let older = self.log.borrow_mut().older();
            if let Some(ask) = older {
                self.ask(&ask);
            }
        }
    }
}
