//! What the islands of a note's page know together: what the client told, as
//! signals. One a page in the browser; on the server a fresh one for each island,
//! since there is nothing to share before a socket is open.
//!
//! It decides nothing. `editor.rs` writes most of it, the islands read it.

use leptos::prelude::*;
use realtime::{Apart, Participant, Status};
use uuid::Uuid;

use crate::mode::Mode;

/// Where the caret is, counted from one.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Caret {
    /// Line.
    pub line: u32,
    /// Column in UTF-16 units.
    pub column: u32,
}

/// How much text there is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Amount {
    /// Words.
    pub words: usize,
    /// Bytes of UTF-8, which the limit counts.
    pub bytes: usize,
    /// How many a note may have.
    pub limit: usize,
}

/// Whether the text may be changed from a page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Writes {
    /// It may.
    Yes,
    /// Its reader may only view.
    No,
    /// It might when the page was opened, and may not now.
    NoLonger,
}

/// The signals of the page's note.
#[derive(Clone)]
pub struct Session {
    /// How the connection and the saving stand; none before the client started.
    pub status: ArcRwSignal<Option<Status>>,
    /// What earlier pages kept on this device and cannot be merged.
    pub apart: ArcRwSignal<Vec<Apart>>,
    /// What was refused last, as a sentence; it goes with the next edit that is taken, or
    /// once what the server refused is stored after all.
    pub refused: ArcRwSignal<Option<String>>,
    /// Whether the text may be changed from here.
    pub writes: ArcRwSignal<Writes>,
    /// Who I am.
    pub me: ArcRwSignal<Option<Uuid>>,
    /// Everybody here.
    pub people: ArcRwSignal<Vec<Participant>>,
    /// Where my caret is; none before the editor stands.
    pub caret: ArcRwSignal<Option<Caret>>,
    /// How much text there is; none before it is here.
    pub amount: ArcRwSignal<Option<Amount>>,
    /// Which panes show.
    pub mode: ArcRwSignal<Mode>,
    /// Whether the panes scroll together.
    pub scrolls_together: ArcRwSignal<bool>,
    /// Whether the others can follow where I scroll.
    pub leading: ArcRwSignal<bool>,
    /// The line at the top, from zero; kept up to date while I lead.
    pub top_line: ArcRwSignal<u32>,
}

impl Session {
    fn new() -> Self {
        Self {
            status: ArcRwSignal::new(None),
            apart: ArcRwSignal::new(Vec::new()),
            refused: ArcRwSignal::new(None),
            writes: ArcRwSignal::new(Writes::Yes),
            me: ArcRwSignal::new(None),
            people: ArcRwSignal::new(Vec::new()),
            caret: ArcRwSignal::new(None),
            amount: ArcRwSignal::new(None),
            mode: ArcRwSignal::new(Mode::default()),
            scrolls_together: ArcRwSignal::new(true),
            leading: ArcRwSignal::new(false),
            top_line: ArcRwSignal::new(0),
        }
    }

    /// The page's session.
    #[cfg(feature = "hydrate")]
    #[must_use]
    pub fn of_page() -> Self {
        thread_local! {
            static OF_PAGE: Session = Session::new();
        }
        OF_PAGE.with(Clone::clone)
    }

    /// A session to render an island with, before anything is known.
    #[cfg(not(feature = "hydrate"))]
    #[must_use]
    pub fn of_page() -> Self {
        Self::new()
    }
}
