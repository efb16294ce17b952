//! Bounds of the edge: each a named constant, and which of them the configuration
//! may change.

use std::net::Ipv6Addr;
use std::str::FromStr;

use store::GeneralAccess;

/// Longest body read for a note whose text may have `note_bytes`: as much again
/// for line ends that shrink, before anything is looked at.
#[must_use]
pub fn markdown_body_bytes(note_bytes: usize) -> usize {
    note_bytes.saturating_mul(2)
}

/// Longest JSON body with such a text in it: an escape takes six bytes a letter.
#[must_use]
pub fn json_body_bytes(note_bytes: usize) -> usize {
    note_bytes
        .saturating_mul(6)
        .saturating_add(JSON_MARGIN_BYTES)
}

/// Longest form: a text and the text it was made from, percent-encoded.
#[must_use]
pub fn form_body_bytes(note_bytes: usize) -> usize {
    json_body_bytes(note_bytes)
}

/// Room for what stands around the text in a JSON body.
const JSON_MARGIN_BYTES: usize = 4096;

/// After how many seconds another try makes sense when something is out.
pub const RETRY_AFTER_SECONDS: u32 = 5;

/// After how many seconds a rate has passed; the period of the bindings.
pub const RATE_PERIOD_SECONDS: u32 = 60;

/// How long a guest's cookies live: as long as browsers keep any.
pub const COOKIE_SECONDS: u32 = 400 * 24 * 60 * 60;

/// Most sockets a note may be configured to have: each costs the object memory,
/// and every edit a send.
pub const MOST_SESSIONS: usize = 2000;

/// Most sockets the published page of a note may be configured to have.
pub const MOST_PAGE_READERS: usize = 5000;

/// Largest frame that may be configured, bytes; the runtime hands over up to 32 MiB,
/// of which reading makes several copies.
pub const MOST_FRAME_BYTES: usize = 8 << 20;

/// Most frames one socket may be allowed, in a burst or a second.
pub const MOST_FRAMES: u64 = 100_000;

/// Most chat messages one person may be allowed, in a burst or a second: with more
/// the object would do nothing else.
pub const MOST_MESSAGES: u64 = 10_000;

/// Most notes in one archive: reading each is a request of its own, of which the
/// platform lets one request make a thousand.
pub const EXPORT_NOTES: u64 = 500;

/// A bound from the configuration, else the one built in. What cannot be read as
/// a positive number, or is more than the code can stand, changes nothing.
#[must_use]
pub fn configured<T>(words: Option<&str>, built_in: T, most: T) -> T
where
    T: FromStr + PartialOrd + Default,
{
    words
        .and_then(|text| text.trim().parse().ok())
        .filter(|bound| *bound > T::default() && *bound <= most)
        .unwrap_or(built_in)
}

/// What a new note gives to others, as a word of the configuration has it. One that we do
/// not know closes it: a misspelt word must not make notes open.
pub fn new_note_access(word: &str) -> GeneralAccess {
    GeneralAccess::from_word(word.trim()).unwrap_or(GeneralAccess::CLOSED)
}

/// Whose rates a request counts for: the address it comes from, which the platform
/// says, and the session, which only who has its token can name.
pub fn rate_keys(address: Option<&str>, session: Option<&str>) -> impl Iterator<Item = String> {
    let session = session.map(|hash| format!("session {hash}"));
    std::iter::once(rate_key(address)).chain(session)
}

/// One household has a whole IPv6 network, so only its first half counts.
fn rate_key(address: Option<&str>) -> String {
    let address = address.unwrap_or("unknown");
    match address.parse::<Ipv6Addr>() {
        Ok(ipv6) => {
            let [a, b, c, d, ..] = ipv6.segments();
            format!("{a:x}:{b:x}:{c:x}:{d:x}::/64")
        }
        Err(_other_kind) => address.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_misspelt_word_makes_no_note_open() {
        assert_eq!(new_note_access(" edit "), GeneralAccess::default());
        assert_eq!(new_note_access("view").role, store::Role::View);
        for closed in ["none", "edti", "owner"] {
            assert_eq!(new_note_access(closed), GeneralAccess::CLOSED);
        }
    }

    #[test]
    fn a_network_counts_as_one() {
        assert_eq!(rate_key(Some("192.0.2.7")), "192.0.2.7");
        assert_eq!(
            rate_key(Some("2001:db8:1:2:3:4:5:6")),
            rate_key(Some("2001:db8:1:2::9"))
        );
        assert_ne!(
            rate_key(Some("2001:db8:1:2::9")),
            rate_key(Some("2001:db8:1:3::9"))
        );
        assert_eq!(rate_key(None), "unknown");
    }

    #[test]
    fn a_session_counts_beside_its_address() {
        let keys = |session| rate_keys(Some("192.0.2.7"), session).collect::<Vec<_>>();
        assert_eq!(keys(None), ["192.0.2.7"]);
        assert_eq!(keys(Some("ab")), ["192.0.2.7", "session ab"]);
    }

    #[test]
    fn a_bound_can_be_configured_up_to_what_the_code_can_stand() {
        assert_eq!(configured(Some(" 500 "), 1000_usize, 1500), 500);
        assert_eq!(configured(Some("1500"), 1000_usize, 1500), 1500);
        for useless in [
            None,
            Some(""),
            Some("0"),
            Some("-1"),
            Some("1501"),
            Some("1e2"),
        ] {
            assert_eq!(configured(useless, 1000_usize, 1500), 1000, "{useless:?}");
        }
    }
}
