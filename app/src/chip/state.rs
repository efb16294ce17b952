//! What the chip says in each state: one table, from what the client told to the
//! words. Pure, so that every row has a test.

use realtime::{Link, Refusal, Status};

use crate::session::Writes;

/// An edit that is unacknowledged for so long is told with a number.
const SLOW_AFTER_MS: u64 = 3_000;

/// How loud the chip is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Tone {
    /// Nothing to look at.
    Quiet,
    /// Nothing to store, for nothing may be changed.
    Reading,
    /// Something is on its way.
    Busy,
    /// Text is not stored yet.
    Amber,
    /// Something will not be stored by itself.
    Red,
}

impl Tone {
    pub(super) fn as_str(self) -> &'static str {
        match self {
            Self::Quiet => "quiet",
            Self::Reading => "reading",
            Self::Busy => "busy",
            Self::Amber => "amber",
            Self::Red => "red",
        }
    }

    pub(super) fn icon(self) -> &'static str {
        match self {
            Self::Quiet => "cloud-check",
            Self::Reading => "eye",
            Self::Busy => "cloud-upload",
            Self::Amber => "cloud-off",
            Self::Red => "circle-alert",
        }
    }
}

/// What the chip shows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Chip {
    pub(super) tone: Tone,
    pub(super) text: String,
    /// A sentence or two, on a click.
    pub(super) detail: String,
    /// When all was stored, if that is what it says.
    pub(super) saved_at: Option<u64>,
}

impl Chip {
    fn new(tone: Tone, text: impl Into<String>, detail: impl Into<String>) -> Self {
        Self {
            tone,
            text: text.into(),
            detail: detail.into(),
            saved_at: None,
        }
    }
}

/// The chip for what is known now.
pub(super) fn told(
    status: Option<&Status>,
    refused: Option<&str>,
    writes: Writes,
    now_ms: u64,
) -> Chip {
    let Some(status) = status else {
        return Chip::new(Tone::Busy, "Connecting…", "The note is being opened.");
    };
    match &status.link {
        Link::Closed { code, reason } => closed(*code, reason),
        Link::Offline => offline(status.waiting),
        Link::Connecting if status.waiting > 0 => offline(status.waiting),
        Link::Connecting => Chip::new(Tone::Busy, "Connecting…", "The note is being opened."),
        Link::Live => match refused {
            Some(sentence) => not_saved(sentence),
            None if status.waiting > 0 => saving(status, now_ms),
            None => match writes {
                Writes::Yes => saved(status),
                Writes::No => Chip::new(
                    Tone::Reading,
                    "View only",
                    "You read along as it is written.",
                ),
                Writes::NoLonger => Chip::new(
                    Tone::Amber,
                    "You can now only view",
                    "Somebody changed who may edit this note.",
                ),
            },
        },
    }
}

fn saved(status: &Status) -> Chip {
    Chip {
        saved_at: status.saved_at,
        ..Chip::new(Tone::Quiet, "Saved", "All changes are stored.")
    }
}

fn not_saved(sentence: &str) -> Chip {
    let full = sentence == Refusal::Full.to_string();
    let text = if full { "Note is full" } else { "Not saved" };
    Chip::new(Tone::Red, text, sentence)
}

fn offline(waiting: u32) -> Chip {
    if waiting == 0 {
        let detail =
            "Nothing waits to be stored. You can go on writing; it is sent when you are back.";
        return Chip::new(Tone::Amber, "Offline", detail);
    }
    let detail = "They are kept in this window and merge when you are back. Keep it open.";
    Chip::new(
        Tone::Amber,
        format!("Offline · {} waiting", changes(waiting)),
        detail,
    )
}

fn saving(status: &Status, now_ms: u64) -> Chip {
    let waits_ms = status
        .waiting_since
        .map_or(0, |since| now_ms.saturating_sub(since));
    if waits_ms < SLOW_AFTER_MS {
        let detail = format!("{} on the way to storage.", changes(status.waiting));
        return Chip::new(Tone::Busy, "Saving…", detail);
    }
    let text = format!("Saving… {} waiting", changes(status.waiting));
    Chip::new(
        Tone::Amber,
        text,
        "The server takes long to store them. Keep this window open.",
    )
}

fn closed(code: u16, reason: &str) -> Chip {
    let text = match code {
        4401 | 4403 => "Not allowed any more",
        4404 => "Note not available",
        4413 => "Note is full",
        _ => "Disconnected",
    };
    let reason = if reason.is_empty() {
        "The server ended the connection."
    } else {
        reason
    };
    let detail = format!("{reason} Download a copy if you need what is in this window.");
    Chip::new(Tone::Red, text, detail)
}

fn changes(count: u32) -> String {
    if count == 1 {
        "1 change".to_owned()
    } else {
        format!("{count} changes")
    }
}

/// What a screen reader is told: once for each change that matters, and nothing
/// at all for the saving that goes on while somebody types.
pub(super) fn spoken(chip: &Chip, before: Option<&String>) -> String {
    match chip.tone {
        Tone::Amber | Tone::Red => {
            // Without the count, or every keystroke would be read out.
            let state = chip.text.split(" · ").next().unwrap_or_default();
            let state = state.split('…').next().unwrap_or_default();
            if state == "Saving" {
                "Saving takes longer than usual".to_owned()
            } else {
                state.to_owned()
            }
        }
        Tone::Busy => before.cloned().unwrap_or_default(),
        Tone::Quiet | Tone::Reading if before.is_some_and(|before| !before.is_empty()) => {
            chip.text.clone()
        }
        Tone::Quiet | Tone::Reading => String::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW_MS: u64 = 100_000;

    fn status(link: Link, waiting: u32, waits_ms: u64) -> Status {
        let waiting_since = (waiting > 0).then(|| NOW_MS - waits_ms);
        Status {
            link,
            waiting,
            waiting_since,
            saved_at: None,
            retry_at: None,
        }
    }

    fn check(status: &Status, tone: Tone, text: &str) {
        let chip = told(Some(status), None, Writes::Yes, NOW_MS);
        assert_eq!((chip.tone, chip.text.as_str()), (tone, text));
    }

    #[test]
    fn saved_only_with_nothing_waiting_on_a_live_socket() {
        check(&status(Link::Live, 0, 0), Tone::Quiet, "Saved");
        check(&status(Link::Live, 1, 0), Tone::Busy, "Saving…");
        check(&status(Link::Connecting, 0, 0), Tone::Busy, "Connecting…");
    }

    #[test]
    fn a_slow_save_counts_what_waits() {
        check(
            &status(Link::Live, 12, SLOW_AFTER_MS),
            Tone::Amber,
            "Saving… 12 changes waiting",
        );
        check(
            &status(Link::Live, 12, SLOW_AFTER_MS - 1),
            Tone::Busy,
            "Saving…",
        );
    }

    #[test]
    fn offline_counts_what_waits() {
        check(&status(Link::Offline, 0, 0), Tone::Amber, "Offline");
        check(
            &status(Link::Offline, 1, 0),
            Tone::Amber,
            "Offline · 1 change waiting",
        );
        check(
            &status(Link::Connecting, 2, 0),
            Tone::Amber,
            "Offline · 2 changes waiting",
        );
    }

    #[test]
    fn a_closed_note_says_why() {
        let link = Link::Closed {
            code: 4403,
            reason: "Ada stopped sharing.".to_owned(),
        };
        let chip = told(Some(&status(link, 0, 0)), None, Writes::Yes, NOW_MS);
        assert_eq!(chip.text, "Not allowed any more");
        assert!(
            chip.detail.starts_with("Ada stopped sharing."),
            "{}",
            chip.detail
        );
    }

    #[test]
    fn a_refusal_is_red_until_it_is_over() {
        let live = status(Link::Live, 0, 0);
        assert_eq!(
            told(Some(&live), Some("This note is full."), Writes::Yes, NOW_MS).tone,
            Tone::Red
        );
        assert_eq!(
            told(Some(&live), None, Writes::Yes, NOW_MS).tone,
            Tone::Quiet
        );
    }

    #[test]
    fn a_reader_is_told_so_instead_of_saved() {
        let live = status(Link::Live, 0, 0);
        assert_eq!(
            told(Some(&live), None, Writes::No, NOW_MS).text,
            "View only"
        );
        assert_eq!(
            told(Some(&live), None, Writes::NoLonger, NOW_MS).tone,
            Tone::Amber
        );
    }

    #[test]
    fn typing_is_not_read_out() {
        let saved = told(Some(&status(Link::Live, 0, 0)), None, Writes::Yes, NOW_MS);
        let saving = told(Some(&status(Link::Live, 1, 0)), None, Writes::Yes, NOW_MS);
        let first = spoken(&saved, None);
        assert_eq!(spoken(&saving, Some(&first)), first);
        let offline = told(
            Some(&status(Link::Offline, 3, 0)),
            None,
            Writes::Yes,
            NOW_MS,
        );
        assert_eq!(spoken(&offline, Some(&first)), "Offline");
        assert_eq!(spoken(&saved, Some(&"Offline".to_owned())), "Saved");
    }
}
