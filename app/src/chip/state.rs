//! What the chip says in each state: one table, from what the client told to the
//! words. Pure, so that every row has a test.

use realtime::{Link, OnDevice, REMADE, Refusal, Status, Transport};

use super::shown::{Chip, Offer, Tone};
use crate::session::Writes;

/// An edit that is unacknowledged for so long is told with a number.
const SLOW_AFTER_MS: u64 = 3_000;
/// So long it is told what a return brought together.
pub(super) const BACK_TOLD_MS: u64 = 6_000;

/// What is said besides where requests carry what a WebSocket would.
const SLOW: &str = "This network blocks WebSockets. Changes travel by ordinary requests, a little slower; nothing is lost.";

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
        Link::Closed { code, reason } => closed(*code, reason, status),
        Link::Offline => offline("Offline ·", status, writes),
        Link::Connecting if status.waiting > 0 => offline("Connecting…", status, writes),
        Link::Connecting => Chip::new(Tone::Busy, "Connecting…", "The note is being opened."),
        Link::Live => {
            let chip = live(status, refused, writes, now_ms);
            if status.transport == Transport::Requests && status.waiting == 0 {
                return slow(chip);
            }
            chip
        }
    }
}

fn live(status: &Status, refused: Option<&str>, writes: Writes, now_ms: u64) -> Chip {
    match (refused, writes) {
        (Some(sentence), _) => not_saved(sentence),
        (None, Writes::NoLonger) if status.waiting > 0 => lowered(status),
        (None, _) if status.waiting > 0 => saving(status, now_ms),
        (None, Writes::Yes) => saved(status, now_ms),
        (None, Writes::No) => Chip::new(
            Tone::Reading,
            "View only",
            "You read along as it is written.",
        ),
        (None, Writes::NoLonger) => Chip::new(
            Tone::Amber,
            "You can now only view",
            "Somebody changed who may edit this note.",
        )
        .offering(Offer::Nothing),
    }
}

fn slow(chip: Chip) -> Chip {
    Chip {
        text: format!("{} · Slow connection mode", chip.text),
        detail: format!("{} {SLOW}", chip.detail),
        // The sentence with the time would take the place of the one that explains.
        saved_at: None,
        ..chip
    }
}

fn saved(status: &Status, now_ms: u64) -> Chip {
    let back = status
        .back
        .filter(|back| now_ms.saturating_sub(back.at) < BACK_TOLD_MS);
    let text = match back {
        None => "Saved".to_owned(),
        Some(back) if back.came_in == 0 => {
            format!("Back online · {} merged", changes(back.merged))
        }
        Some(back) => format!(
            "Back online · {} merged, {} came in",
            changes(back.merged),
            back.came_in
        ),
    };
    Chip {
        saved_at: status.saved_at,
        ..Chip::new(Tone::Quiet, text, "All changes are stored.")
    }
}

fn not_saved(sentence: &str) -> Chip {
    let full = sentence == Refusal::Full.to_string();
    let text = if full { "Note is full" } else { "Not saved" };
    Chip::new(Tone::Red, text, sentence).offering(Offer::Nothing)
}

fn lowered(status: &Status) -> Chip {
    let detail = format!(
        "Somebody changed who may edit this note before {} of yours {} stored. Download a copy to keep what you wrote.",
        changes(status.waiting),
        if status.waiting == 1 { "was" } else { "were" },
    );
    Chip::new(Tone::Red, "You can now only view", detail).offering(Offer::Nothing)
}

/// Without a line to the server; `state` says why.
fn offline(state: &str, status: &Status, writes: Writes) -> Chip {
    let alone = status.device == OnDevice::Unavailable;
    if status.waiting == 0 {
        let detail = if writes != Writes::Yes {
            "You see the note as it was when the connection broke. It is tried again by itself."
        } else if alone {
            "Nothing waits to be stored. This browser does not store what you write now: keep this window open until you are back."
        } else {
            "Nothing waits to be stored. You can go on writing; it is kept on this device and sent when you are back."
        };
        return Chip::new(Tone::Amber, "Offline", detail);
    }
    if alone {
        let detail = format!(
            "This browser stores nothing for this page, so {} in this window alone. Keep it open, or download a copy.",
            if status.waiting == 1 {
                "1 change is".to_owned()
            } else {
                format!("{} changes are", status.waiting)
            },
        );
        return Chip::new(
            Tone::Red,
            format!("{state} not stored on this device"),
            detail,
        );
    }
    let (text, detail) = if status.kept == 0 {
        (
            format!("{state} {} waiting", changes(status.waiting)),
            "They are on their way to the storage of this browser. Keep this window open.",
        )
    } else {
        (
            format!("{state} {} kept on this device", changes(status.kept)),
            "They merge when you are back, also if you close this window before.",
        )
    };
    Chip::new(Tone::Amber, text, detail)
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
    let detail = if status.device == OnDevice::All {
        "The server takes long to store them. They are kept on this device meanwhile."
    } else {
        "The server takes long to store them. Keep this window open."
    };
    Chip::new(Tone::Amber, text, detail)
}

fn closed(code: u16, reason: &str, status: &Status) -> Chip {
    let text = match code {
        4401 | 4403 => "Not allowed any more",
        4404 => "Note not available",
        REMADE => "Note was made anew",
        4413 => "Note is full",
        _ => "Disconnected",
    };
    let reason = if reason.is_empty() {
        "The server ended the connection."
    } else {
        reason
    };
    let not_stored = match status.waiting {
        0 => String::new(),
        1 => " 1 change of yours is not stored.".to_owned(),
        more => format!(" {more} changes of yours are not stored."),
    };
    let detail =
        format!("{reason}{not_stored} Download a copy if you need what is in this window.");
    Chip::new(Tone::Red, text, detail).offering(Offer::Reload)
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
    use realtime::Back;

    const NOW_MS: u64 = 100_000;

    fn status(link: Link, waiting: u32, waits_ms: u64) -> Status {
        let waiting_since = (waiting > 0).then(|| NOW_MS - waits_ms);
        Status {
            link,
            transport: Transport::WebSocket,
            waiting,
            waiting_since,
            device: OnDevice::All,
            kept: waiting,
            saved_at: None,
            retry_at: None,
            back: None,
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
    fn who_is_connected_by_requests_is_told_so() {
        let slow = |waiting| Status {
            transport: Transport::Requests,
            ..status(Link::Live, waiting, 0)
        };
        check(&slow(0), Tone::Quiet, "Saved · Slow connection mode");
        check(&slow(1), Tone::Busy, "Saving…");
        let chip = told(Some(&slow(0)), None, Writes::Yes, NOW_MS);
        assert!(chip.detail.contains("ordinary requests"), "{chip:?}");
        let offline = Status {
            link: Link::Offline,
            ..slow(0)
        };
        check(&offline, Tone::Amber, "Offline");
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
            "Offline · 1 change kept on this device",
        );
        check(
            &status(Link::Connecting, 2, 0),
            Tone::Amber,
            "Connecting… 2 changes kept on this device",
        );
    }

    #[test]
    fn only_what_is_on_the_device_is_called_kept() {
        let writing = |kept| Status {
            device: OnDevice::NotYet,
            kept,
            ..status(Link::Offline, 3, 0)
        };
        check(&writing(0), Tone::Amber, "Offline · 3 changes waiting");
        check(
            &writing(2),
            Tone::Amber,
            "Offline · 2 changes kept on this device",
        );
        let alone = |waiting| Status {
            device: OnDevice::Unavailable,
            kept: 0,
            ..status(Link::Offline, waiting, 0)
        };
        check(&alone(3), Tone::Red, "Offline · not stored on this device");
        check(&alone(0), Tone::Amber, "Offline");
        let told = told(Some(&alone(0)), None, Writes::Yes, NOW_MS);
        assert!(told.detail.contains("keep this window open"), "{told:?}");
    }

    #[test]
    fn who_only_views_is_not_told_to_go_on_writing() {
        let told = |writes| told(Some(&status(Link::Offline, 0, 0)), None, writes, NOW_MS);
        assert!(told(Writes::Yes).detail.contains("go on writing"));
        for writes in [Writes::No, Writes::NoLonger] {
            let chip = told(writes);
            assert_eq!(chip.text, "Offline");
            assert!(!chip.detail.contains("writ"), "{chip:?}");
        }
    }

    #[test]
    fn a_button_is_offered_where_it_helps() {
        let offers = |link, refused, writes| {
            let waiting = u32::from(writes == Writes::Yes);
            told(Some(&status(link, waiting, 0)), refused, writes, NOW_MS).offers
        };
        let closed = Link::Closed {
            code: 4403,
            reason: String::new(),
        };
        let full = Refusal::Full.to_string();
        assert_eq!(offers(Link::Offline, None, Writes::Yes), Offer::TryNow);
        assert_eq!(offers(Link::Live, Some("No."), Writes::Yes), Offer::Nothing);
        assert_eq!(offers(closed, None, Writes::Yes), Offer::Reload);
        assert_eq!(offers(Link::Live, Some(&full), Writes::Yes), Offer::Nothing);
        assert_eq!(offers(Link::Live, None, Writes::NoLonger), Offer::Nothing);
        assert_eq!(offers(Link::Live, None, Writes::No), Offer::Nothing);
    }

    #[test]
    fn a_return_is_told_for_six_seconds() {
        let back = |merged, came_in, ago| Status {
            back: Some(Back {
                at: NOW_MS - ago,
                merged,
                came_in,
            }),
            ..status(Link::Live, 0, 0)
        };
        check(
            &back(12, 4, 0),
            Tone::Quiet,
            "Back online · 12 changes merged, 4 came in",
        );
        check(
            &back(1, 0, BACK_TOLD_MS - 1),
            Tone::Quiet,
            "Back online · 1 change merged",
        );
        check(&back(12, 4, BACK_TOLD_MS), Tone::Quiet, "Saved");
    }

    #[test]
    fn who_may_no_longer_write_is_told_what_is_not_stored() {
        let live = status(Link::Live, 3, 0);
        let chip = told(Some(&live), None, Writes::NoLonger, NOW_MS);
        assert_eq!(
            (chip.tone, chip.text.as_str()),
            (Tone::Red, "You can now only view")
        );
        assert!(chip.detail.contains("3 changes of yours were"), "{chip:?}");
        let link = Link::Closed {
            code: REMADE,
            reason: String::new(),
        };
        let chip = told(Some(&status(link, 1, 0)), None, Writes::Yes, NOW_MS);
        assert_eq!(chip.text, "Note was made anew");
        assert!(
            chip.detail.contains("1 change of yours is not stored"),
            "{chip:?}"
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
