//! [hydrate] Awareness ⇄ carets. A caret travels as two sticky positions, in the
//! words that y-codemirror uses, so that any Yjs editor shows it; the server adds
//! whose it is.

use std::time::Duration;

use leptos::prelude::{document, set_timeout};
use realtime::{COLOURS, RealtimeClient};
use serde_json::{Value, json};

use super::codemirror::{Caret, Selection};
use super::page::with_page;

/// Moves within so long are shown to the others as one.
const GATHERED: Duration = Duration::from_millis(60);

/// Carets of this page and of the others.
#[derive(Default)]
pub(super) struct Cursors {
    /// What the others were shown last.
    shown: Option<Value>,
    /// Where the selection is.
    selection: Option<Selection>,
    /// Showing it is under way.
    due: bool,
    /// Where each of the others was last.
    last: Vec<(u64, Value)>,
}

impl Cursors {
    /// The selection of this page moved.
    pub(super) fn moved(&mut self, client: &RealtimeClient, selection: Selection) {
        self.selection = Some(selection);
        self.show_soon(client);
    }

    /// Shows the others in a moment where this page is, and whether it is looked at.
    pub(super) fn show_soon(&mut self, client: &RealtimeClient) {
        if !std::mem::replace(&mut self.due, true) {
            let client = client.clone();
            set_timeout(
                move || with_page(|page| page.show_my_caret(&client)),
                GATHERED,
            );
        }
    }

    /// What to show the others now, if it is news to them. A sticky position does
    /// not change when somebody else types before it, so then there is none.
    pub(super) fn news(&mut self, client: &RealtimeClient) -> Option<Value> {
        self.due = false;
        let selection = self.selection?;
        let cursor = json!({
            "anchor": client.relative(selection.anchor),
            "head": client.relative(selection.head),
        });
        let state = json!({ "cursor": cursor, "idle": document().hidden() });
        if self.shown.as_ref() == Some(&state) {
            return None;
        }
        self.shown = Some(state.clone());
        Some(state)
    }

    /// The others' carets, where they are in the text as it is now.
    pub(super) fn placed(
        &mut self,
        client: &RealtimeClient,
        states: &[(u64, Value)],
    ) -> Vec<Caret> {
        let mut last = Vec::with_capacity(states.len());
        let mut carets = Vec::with_capacity(states.len());
        for (id, state) in states {
            let Some(cursor) = state.get("cursor").filter(|cursor| !cursor.is_null()) else {
                continue;
            };
            let place = |end: &str| {
                cursor
                    .get(end)
                    .and_then(|position| client.absolute(position))
            };
            let (Some(anchor), Some(head)) = (place("anchor"), place("head")) else {
                continue;
            };
            let (name, colour) = person(state);
            let moved = !self
                .last
                .iter()
                .any(|(known, at)| known == id && at == cursor);
            let idle = state.get("idle").and_then(Value::as_bool).unwrap_or(false);
            last.push((*id, cursor.clone()));
            carets.push(Caret {
                id: *id,
                name,
                colour,
                anchor,
                head,
                moved,
                idle,
            });
        }
        self.last = last;
        carets
    }
}

/// Whose caret it is, by the server's word.
fn person(state: &Value) -> (String, usize) {
    let user = state.get("user");
    let text = |field: &str| {
        user.and_then(|user| user.get(field))
            .and_then(Value::as_str)
    };
    let colour = text("color").and_then(|colour| COLOURS.iter().position(|known| *known == colour));
    (
        text("name").unwrap_or("Guest").to_owned(),
        colour.unwrap_or(0),
    )
}
