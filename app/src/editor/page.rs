//! [hydrate] The open page: one client, one editor, the carets and the view, held
//! together for the callbacks that run between them.

use std::cell::{Cell, OnceCell, RefCell};
use std::rc::Rc;
use std::time::Duration;

use leptos::prelude::*;
use note::edit::Edit;
use note::view::Patch;
use realtime::init_realtime_client_from;
use realtime::{Access, ClientOptions, Key, Link, RealtimeClient, Status};
use serde_json::Value;
use uuid::Uuid;
use wasm_bindgen::JsCast;
use wasm_bindgen::closure::Closure;

use super::codemirror::{CodeMirror, Handlers};
use super::cursors::Cursors;
use super::{amount, on_edit, on_output};
use crate::own_view::OwnView;
use crate::preview::{self, Preview, Shown};
use crate::scroll_sync::ScrollSync;
use crate::session::{Caret, Session, Writes};

/// How long after a change what goes over the whole note is done; typing must not wait
/// for it.
const COUNT_AFTER: Duration = Duration::from_millis(300);

thread_local! {
    static PAGE: RefCell<Option<Rc<Page>>> = const { RefCell::new(None) };
}

/// The note that this page has open.
pub(crate) struct Page {
    pub(super) session: Session,
    /// Set before the client tells anything that needs it.
    client: OnceCell<RealtimeClient>,
    editor: OnceCell<CodeMirror>,
    cursors: RefCell<Cursors>,
    /// What the others showed before there was an editor.
    early_carets: RefCell<Vec<(u64, Value)>>,
    preview: RefCell<Preview>,
    own_view: Rc<OwnView>,
    scroll: ScrollSync,
    limit: Cell<usize>,
    count_is_due: Cell<bool>,
    /// What was refused last is something that waits.
    refused_waits: Cell<bool>,
}

/// Opens the note: joins its room; the editor follows when the text is here.
pub(super) fn open(note: Uuid, revision: u64, can_write: bool, on_device: bool) {
    // The reader's script may have kept the view live until now.
    let served = Some(revision);
    let revision = preview::shown_revision().unwrap_or(served);
    if revision != served {
        take_out_served_source();
    }
    let page = Rc::new(Page {
        session: Session::of_page(),
        client: OnceCell::new(),
        editor: OnceCell::new(),
        cursors: RefCell::default(),
        early_carets: RefCell::default(),
        preview: RefCell::new(Preview::new(revision)),
        own_view: Rc::default(),
        scroll: ScrollSync::default(),
        limit: Cell::new(note::MAX_TEXT_BYTES),
        count_is_due: Cell::new(false),
        refused_waits: Cell::new(false),
    });
    page.session
        .writes
        .set(if can_write { Writes::Yes } else { Writes::No });
    let told = Rc::clone(&page);
    let options = ClientOptions {
        revision,
        on_output: Box::new(move |output| on_output(&told, output)),
    };
    let key = Key::Note(note).to_string();
    let start = crate::offline::start(on_device);
    let Some(client) = init_realtime_client_from(&key, start, options) else {
        leptos::logging::error!("there is no window to open a socket from");
        return;
    };
    if page.client.set(client).is_err() {
        leptos::logging::error!("the page was opened twice");
    }
    PAGE.with(|open| *open.borrow_mut() = Some(page));
}

/// The editor is here, or the text has changed since: what the page was served with of the
/// source is for neither.
fn take_out_served_source() {
    if let Some(served) = document().get_element_by_id("source-start") {
        served.remove();
    }
}

/// Does something with the open page, if there is one.
pub(crate) fn with_page(body: impl FnOnce(&Rc<Page>)) {
    let open = PAGE.with(|open| open.borrow().clone());
    if let Some(page) = open {
        body(&page);
    }
}

impl Page {
    /// The client. The few outputs that come while it starts need none.
    #[expect(
        clippy::expect_used,
        reason = "set right after the client was made, before any event of the browser"
    )]
    pub(crate) fn client(&self) -> &RealtimeClient {
        self.client
            .get()
            .expect("the client is there before anything is typed or received")
    }

    /// Puts the caret into the source.
    pub(crate) fn focus(&self) {
        if let Some(editor) = self.editor.get() {
            editor.focus();
        }
    }

    /// Puts the caret at the start of a line, counted from one.
    pub(crate) fn go_to_line(&self, line: u32) {
        if let Some(editor) = self.editor.get() {
            editor.go_to_line(line);
        }
    }

    /// The text is here, or another one in its place.
    pub(super) fn show_source(self: &Rc<Self>, text: &str) {
        if self.editor.get().is_some() {
            self.show_text(text);
        } else {
            self.show_editor(text);
        }
    }

    /// Builds the editor around the text.
    fn show_editor(self: &Rc<Self>, text: &str) {
        let Some(parent) = document().get_element_by_id("source") else {
            return;
        };
        let (edits, selections, scrolls) = (Rc::clone(self), Rc::clone(self), Rc::clone(self));
        let handlers = Handlers {
            on_edit: Box::new(move |changes: Vec<Edit>| on_edit(&edits, &changes)),
            on_selection: Box::new(move |selection| {
                let caret = Caret {
                    line: selection.line,
                    column: selection.column,
                };
                selections.session.caret.set(Some(caret));
                selections
                    .cursors
                    .borrow_mut()
                    .moved(selections.client(), selection);
            }),
            on_scroll: Box::new(move || scrolls.follow_source()),
        };
        let built = CodeMirror::create(&parent, text, !self.may_write(), handlers);
        if built.is_none_or(|editor| self.editor.set(editor).is_err()) {
            leptos::logging::error!("the editor could not be built");
            return;
        }
        take_out_served_source();
        if self.session.mode.get_untracked() != crate::mode::Mode::View && self.may_write() {
            self.focus();
        }
        self.show_carets(self.early_carets.take());
        self.session.caret.set(Some(Caret { line: 1, column: 1 }));
        let seen = Rc::clone(self);
        let watched = document_event_listener("visibilitychange", move || {
            seen.cursors.borrow_mut().show_soon(seen.client());
        });
        if !watched {
            leptos::logging::warn!("the others are not told when this tab is hidden");
        }
        let view_scrolls = Rc::clone(self);
        self.scroll.listen(move || view_scrolls.follow_view());
        self.count_now();
    }

    /// Step 4.
    pub(super) fn apply_remote(&self, edits: &[Edit]) {
        if let Some(editor) = self.editor.get() {
            editor.apply_remote(edits);
        }
    }

    /// Makes the editor show exactly this text, keeping what is the same in place.
    pub(super) fn show_text(&self, text: &str) {
        if let Some(editor) = self.editor.get() {
            editor.show_text(text);
        }
    }

    /// Draws the others' carets where they are now; before there is an editor, as
    /// soon as there is one.
    pub(super) fn show_carets(&self, states: Vec<(u64, Value)>) {
        if let Some(editor) = self.editor.get() {
            let carets = self.cursors.borrow_mut().placed(self.client(), &states);
            editor.set_carets(&carets);
        } else {
            self.early_carets.replace(states);
        }
    }

    /// Shows the others where this page's caret is, if they do not know yet.
    pub(super) fn show_my_caret(&self, client: &RealtimeClient) {
        let state = self.cursors.borrow_mut().news(client);
        if let Some(state) = state {
            client.set_awareness(&state);
        }
    }

    /// Step 5. Where something else changed the preview, joining again brings all of it.
    pub(super) fn show_view(&self, revision: u64, from: Option<u64>, patches: &[Patch]) {
        let shown = self.preview.borrow_mut().apply(revision, from, patches);
        match shown {
            Shown::Now => self.count_soon(),
            Shown::OutOfStep if from.is_some() => self.client().view_is_lost(),
            Shown::OutOfStep => leptos::logging::warn!("the view could not be shown"),
        }
    }

    /// Without a server the view is made here, as long as something waits for one or
    /// nothing was ever shown.
    fn show_own_view(self: &Rc<Self>, status: &Status) {
        let (is_trusted, is_own) = {
            let preview = self.preview.borrow();
            (preview.is_trusted(), preview.is_own())
        };
        if status.link == Link::Offline && (status.waiting > 0 || !is_trusted) {
            let page = Rc::clone(self);
            let at_once = !is_trusted && !is_own;
            self.own_view.soon(at_once, async move {
                if page.is_alone() && page.own_view.is_here().await && page.is_alone() {
                    page.render();
                }
            });
        }
    }

    fn is_alone(&self) -> bool {
        let status = &self.session.status;
        status.with_untracked(|status| {
            status
                .as_ref()
                .is_some_and(|status| status.link == Link::Offline)
        })
    }

    fn render(&self) {
        let from_nothing = !self.preview.borrow().is_own();
        let patches = self.own_view.patches(&self.client().text(), from_nothing);
        let Some(patches) = patches else { return };
        self.client().view_is_own();
        match self.preview.borrow_mut().apply_own(&patches) {
            Shown::Now => self.count_soon(),
            Shown::OutOfStep => leptos::logging::warn!("the view could not be made here"),
        }
    }

    /// Says that what was written is not stored, until it is.
    pub(super) fn not_stored(&self, sentence: String) {
        self.refused_waits.set(true);
        self.session.refused.set(Some(sentence));
    }

    /// Takes over how the connection and the saving stand. What the server refused is over
    /// when all that waited is stored after all; where the socket is closed for good,
    /// nothing more is taken that could only be lost.
    pub(super) fn show_status(self: &Rc<Self>, status: Status) {
        let waited = self
            .session
            .status
            .with_untracked(|before| before.as_ref().is_some_and(|before| before.waiting > 0));
        if waited && status.waiting == 0 && self.refused_waits.replace(false) {
            self.session.refused.set(None);
        }
        if let (Link::Closed { .. }, Some(editor)) = (&status.link, self.editor.get()) {
            editor.set_read_only(true);
        }
        if status.link == Link::Live && status.waiting == 0 {
            crate::offline::back_online();
        }
        self.session.status.set(Some(status.clone()));
        self.show_own_view(&status);
    }

    /// Takes over what this page may do.
    pub(super) fn set_access(&self, access: Access) {
        let writes = match (self.session.writes.get_untracked(), access.can_write()) {
            (_, true) => Writes::Yes,
            (Writes::No, false) => Writes::No,
            (Writes::Yes | Writes::NoLonger, false) => Writes::NoLonger,
        };
        self.session.writes.set(writes);
        crate::tasks::allow(access.can_write());
        if let Some(editor) = self.editor.get() {
            editor.set_read_only(!self.may_write());
        }
    }

    fn may_write(&self) -> bool {
        self.session.writes.get_untracked() == Writes::Yes
    }

    /// Takes over how much text a note may have.
    pub(super) fn set_limit(&self, bytes: u64) {
        self.limit.set(usize::try_from(bytes).unwrap_or(usize::MAX));
    }

    /// Counts the words a moment after something changed, and matches the panes' places
    /// anew.
    pub(super) fn count_soon(&self) {
        if !self.count_is_due.replace(true) {
            set_timeout(|| with_page(|page| page.count_now()), COUNT_AFTER);
        }
    }

    fn count_now(&self) {
        self.count_is_due.set(false);
        self.scroll.changed();
        if self.editor.get().is_none() {
            // The view is here, and the text is not.
            return;
        }
        let amount = amount::of(&self.client().text(), self.limit.get());
        self.session.amount.set(Some(amount));
    }

    /// Scrolls so that a line, counted from zero, is at the top.
    pub(crate) fn show_line(&self, line: u32) {
        let line = f64::from(line);
        if let Some(editor) = self.editor.get() {
            editor.scroll_to_line(line);
        }
        if self.session.mode.get_untracked() == crate::mode::Mode::View {
            self.scroll.show_line_in_view(line, || self.client().text());
        }
    }

    /// Tells who leads the others which line is at the top.
    pub(crate) fn tell_top_line(&self) {
        let Some(editor) = self
            .editor
            .get()
            .filter(|_| self.session.leading.get_untracked())
        else {
            return;
        };
        let line = match self.session.mode.get_untracked() {
            crate::mode::Mode::View => self.scroll.line_of_view(|| self.client().text()),
            _ => editor.top_line(),
        };
        self.session.top_line.set(line as u32);
    }

    fn follow_source(&self) {
        self.tell_top_line();
        if let (Some(editor), true) = (self.editor.get(), self.panes_follow()) {
            self.scroll.follow_source(editor, || self.client().text());
        }
    }

    fn follow_view(&self) {
        self.tell_top_line();
        if let (Some(editor), true) = (self.editor.get(), self.panes_follow()) {
            self.scroll.follow_view(editor, || self.client().text());
        }
    }

    fn panes_follow(&self) -> bool {
        self.session.scrolls_together.get_untracked()
            && self.session.mode.get_untracked() == crate::mode::Mode::Both
    }
}

/// Listens on the document as long as the page lives.
fn document_event_listener(name: &str, heard: impl FnMut() + 'static) -> bool {
    let heard = Closure::<dyn FnMut()>::new(heard);
    let listens = document()
        .add_event_listener_with_callback(name, heard.as_ref().unchecked_ref())
        .is_ok();
    heard.forget();
    listens
}
