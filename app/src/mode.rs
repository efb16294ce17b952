//! Which panes show: the source, the view, or both. The choice lives on the root
//! element as `data-mode`, where the style reads it, and in this browser's
//! storage. The first one is set by a line of script in the head, so that nothing
//! jumps.

use leptos::prelude::*;

use crate::icons::Icon;
use crate::session::Session;

/// Where the choice is kept in this browser. The head's script reads it too.
pub const KEPT_AS: &str = "tandem.mode";

/// Which panes show.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Mode {
    /// The source alone.
    Edit,
    /// Side by side; on a narrow screen the source, with the view a tap away.
    #[default]
    Both,
    /// The view alone.
    View,
}

impl Mode {
    const ALL: [Self; 3] = [Self::Edit, Self::Both, Self::View];

    /// The word in `data-mode`.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Edit => "edit",
            Self::Both => "both",
            Self::View => "view",
        }
    }

    /// Reads the word back.
    #[must_use]
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|mode| mode.as_str() == word)
    }

    fn label(self) -> &'static str {
        match self {
            Self::Edit => "Edit",
            Self::Both => "Both",
            Self::View => "View",
        }
    }

    fn icon(self) -> &'static str {
        match self {
            Self::Edit => "pencil",
            Self::Both => "columns-2",
            Self::View => "eye",
        }
    }

    fn shortcut(self) -> &'static str {
        match self {
            Self::Edit => "Ctrl+Alt+E",
            Self::Both => "Ctrl+Alt+B",
            Self::View => "Ctrl+Alt+V",
        }
    }
}

/// Edit, Both, View: three buttons in the header, two at the thumb where both
/// panes do not fit.
#[island]
pub fn ModeSwitch() -> impl IntoView {
    let session = Session::of_page();
    #[cfg(feature = "hydrate")]
    browser::follow(&session);
    let buttons = Mode::ALL.map(|mode| {
        let (shown, chosen) = (session.mode.clone(), session.mode.clone());
        view! {
            <button
                type="button"
                class=format!("segment segment-{}", mode.as_str())
                title=format!("{} ({})", mode.label(), mode.shortcut())
                aria-pressed=move || (shown.get() == mode).to_string()
                on:click=move |_| chosen.set(mode)
            >
                <Icon name=mode.icon() />
                <span>{mode.label()}</span>
            </button>
        }
    });
    view! {
        <div class="segments mode-switch" role="group" aria-label="View mode">
            {buttons}
        </div>
    }
}

#[cfg(feature = "hydrate")]
mod browser {
    use leptos::ev;
    use leptos::prelude::*;

    use super::{KEPT_AS, Mode};
    use crate::editor::with_page;
    use crate::kept;
    use crate::markup::{by_id, focus};
    use crate::session::Session;

    /// Takes over what the head's script chose, and from then on keeps the root
    /// element, the storage and the keys in step with the session.
    pub(super) fn follow(session: &Session) {
        let mode = session.mode.clone();
        Effect::new(move |before: Option<Mode>| {
            mode.track();
            let Some(before) = before else {
                // Not any earlier: a button that is being hydrated keeps what the server said.
                let chosen = on_root();
                mode.set(chosen);
                return chosen;
            };
            let now = mode.get_untracked();
            if before != now {
                set_on_root(now);
                move_focus(now);
                kept::write(KEPT_AS, now.as_str());
            }
            now
        });

        let mode = session.mode.clone();
        let listening = window_event_listener(ev::keydown, move |event| {
            if !(event.ctrl_key() && event.alt_key()) {
                return;
            }
            let wanted = match event.code().as_str() {
                "KeyE" => Mode::Edit,
                "KeyB" => Mode::Both,
                "KeyV" => Mode::View,
                _ => return,
            };
            event.prevent_default();
            mode.set(wanted);
        });
        on_cleanup(move || listening.remove());
    }

    /// Who was in a pane is in one that shows: in one that is gone there is no focus, and
    /// what they type on would be shortcuts.
    fn move_focus(now: Mode) {
        let left = match now {
            Mode::View => "body, .source-pane *",
            Mode::Edit => "body, .view-pane, .view-pane *",
            // The pane itself has it from here; who is at something in it goes on there.
            Mode::Both => "body, .view-pane",
        };
        let focused = document().active_element();
        if focused.is_none_or(|focused| focused.matches(left).unwrap_or(false)) {
            match (now, by_id("view-pane")) {
                (Mode::View, Some(view)) => focus(&view),
                _ => with_page(|page| page.focus()),
            }
        }
    }

    fn on_root() -> Mode {
        let word = document()
            .document_element()
            .and_then(|root| root.get_attribute("data-mode"));
        word.as_deref()
            .and_then(Mode::from_word)
            .unwrap_or_default()
    }

    fn set_on_root(mode: Mode) {
        if let Some(root) = document().document_element()
            && root.set_attribute("data-mode", mode.as_str()).is_err()
        {
            leptos::logging::warn!("the view mode could not be set");
        }
    }
}
