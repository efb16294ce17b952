//! What an address asks a list of notes for, and for whom.

use store::finding::{Cursor, Finder, Order, Section, SortBy, Wanted, Words};
use store::{NoteId, PersonId};

use super::{Services, Visitor};

/// Longest value of a query that is read, bytes; what comes after is left out.
const MAX_VALUE_BYTES: usize = 4096;
/// Longest tag that is looked for, in characters, as `note::tags` makes them.
const MAX_TAG_CHARS: usize = 40;

/// What the query of an address asks for. What it does not say, or says in no word
/// of ours, is as it is for who asks for nothing.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Asked {
    /// What was typed into the search field, as typed.
    pub typed: String,
    /// What of it is looked for. `Some(None)`: something was typed, but no word.
    pub words: Option<Option<Words>>,
    /// Which part.
    pub section: Section,
    /// Only what has this tag.
    pub tag: Option<String>,
    /// In which order.
    pub order: Order,
    /// Where the page before ended, as it was given out, or made up.
    pub cursor: Option<String>,
    /// The note that was put into the trash just now, to be offered back.
    pub trashed: Option<uuid::Uuid>,
}

impl Asked {
    /// Reads the query of an address.
    #[must_use]
    pub fn of(query: &str) -> Self {
        let mut asked = Self::default();
        let mut direction = None;
        for (name, value) in query.split('&').filter_map(|pair| pair.split_once('=')) {
            // What is no text is no cursor of ours, and yet one that was shown.
            let value = match (decoded(value), name) {
                (None, "cursor") => value.to_owned(),
                (value, _) => value.unwrap_or_default(),
            };
            if value.is_empty() {
                continue;
            }
            match name {
                "q" => asked.typed = value,
                "view" => asked.section = Section::find(&value).unwrap_or_default(),
                "tag" => asked.tag = Some(value.chars().take(MAX_TAG_CHARS).collect()),
                "sort" => asked.order = SortBy::find(&value).map_or_else(Order::default, Order::of),
                "order" => direction = Some(value),
                "cursor" => asked.cursor = Some(value),
                "trashed" => asked.trashed = uuid::Uuid::try_parse(&value).ok(),
                _ => {}
            }
        }
        match direction.as_deref() {
            Some("up") => asked.order.descending = false,
            Some("down") => asked.order.descending = true,
            _ => {}
        }
        let typed = !asked.typed.trim().is_empty();
        asked.words = typed.then(|| Words::read(&asked.typed));
        asked
    }

    /// The page that is asked for; none where nothing can be found.
    #[must_use]
    pub fn wanted(&self, limit: u64) -> Option<Wanted> {
        let words = match &self.words {
            Some(None) => return None,
            Some(words) => words.clone(),
            None => None,
        };
        Some(Wanted {
            section: self.section,
            tag: self.tag.clone(),
            words,
            order: self.order,
            // One that is none of ours begins from the start.
            after: self.cursor.as_deref().and_then(|text| text.parse().ok()),
            limit,
        })
    }

    /// Whether it names a cursor that was not given out for a list in this order.
    #[must_use]
    pub fn cursor_is_made_up(&self) -> bool {
        let named = self.cursor.as_deref().map(str::parse::<Cursor>);
        named.is_some_and(|cursor| !cursor.is_ok_and(|cursor| cursor.is_of(self.order)))
    }

    /// The address on home that asks for the same.
    #[must_use]
    pub fn to_address(&self) -> String {
        let mut pairs = Vec::new();
        let mut add = |name: &str, value: &str| pairs.push(format!("{name}={}", encoded(value)));
        if self.section != Section::default() {
            add("view", self.section.as_str());
        }
        if let Some(tag) = &self.tag {
            add("tag", tag);
        }
        if self.words.is_some() {
            add("q", &self.typed);
        }
        if self.order.by != SortBy::default() {
            add("sort", self.order.by.as_str());
        }
        if self.order != Order::of(self.order.by) {
            add("order", direction(self.order));
        }
        if let Some(cursor) = &self.cursor {
            add("cursor", cursor);
        }
        if pairs.is_empty() {
            return "/".to_owned();
        }
        format!("/?{}", pairs.join("&"))
    }
}

/// The word for a direction in addresses.
#[must_use]
pub fn direction(order: Order) -> &'static str {
    if order.descending { "down" } else { "up" }
}

/// Who looks for notes in a request. Without a credential the person is made up
/// for it and finds nothing.
#[must_use]
pub fn finder(services: &Services, visitor: &Visitor) -> Finder {
    let credential = visitor.credential.clone();
    Finder {
        person: credential.as_ref().map(|_| PersonId(visitor.person.id)),
        credential,
        bearer_hash: visitor.bearer.clone(),
        at: services.now_ms,
    }
}

/// Keeps that somebody opened a note; for accounts alone. A visit that is not kept
/// keeps nobody out.
pub(crate) async fn visited(services: &Services, visitor: &Visitor, note: uuid::Uuid) {
    let Some(me) = finder(services, visitor).person.filter(|_| visitor.known) else {
        return;
    };
    let visit = store::finding::visit(&*services.database, me, NoteId(note), services.now_ms);
    if let Err(error) = visit.await {
        leptos::logging::warn!("a visit that is not kept: {error}");
    }
}

/// A value of a query as it was meant; none for what is no text.
fn decoded(value: &str) -> Option<String> {
    let mut bytes = Vec::new();
    let mut rest = value.bytes();
    while let Some(byte) = rest.next() {
        if bytes.len() >= MAX_VALUE_BYTES {
            return cut(bytes);
        }
        bytes.push(match byte {
            b'+' => b' ',
            b'%' => {
                let high = char::from(rest.next()?).to_digit(16)?;
                let low = char::from(rest.next()?).to_digit(16)?;
                u8::try_from(high * 16 + low).ok()?
            }
            byte => byte,
        });
    }
    String::from_utf8(bytes).ok()
}

/// A text without the character that was cut in two at its end.
fn cut(mut bytes: Vec<u8>) -> Option<String> {
    if let Err(error) = std::str::from_utf8(&bytes)
        && error.error_len().is_none()
    {
        bytes.truncate(error.valid_up_to());
    }
    String::from_utf8(bytes).ok()
}

/// A value as it stands in a query.
fn encoded(value: &str) -> String {
    let mut text = String::new();
    for byte in value.bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'.' | b'_' => {
                text.push(char::from(byte));
            }
            b' ' => text.push('+'),
            _ => text.push_str(&format!("%{byte:02X}")),
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_says_again_what_it_was_read_from() {
        for address in [
            "/",
            "/?view=mine",
            "/?view=pinned&tag=deep+work&q=caf%C3%A9+%22a+b%22&sort=title&order=down",
            "/?q=a%26b%3Dc&cursor=updated.d.0.1.00000000000000000000000000000007",
            "/?order=up",
        ] {
            let query = address.strip_prefix("/?").unwrap_or_default();
            assert_eq!(Asked::of(query).to_address(), address);
        }
    }

    #[test]
    fn what_is_no_word_of_ours_changes_nothing() {
        for query in [
            "",
            "q=",
            "view=x&sort=y&order=z",
            "q=%",
            "q=%f",
            "q=%ff",
            "x",
            "=&=",
        ] {
            assert_eq!(Asked::of(query), Asked::default(), "{query}");
        }
        let long = Asked::of(&format!("q=a{}", "%C3%A9".repeat(5_000)));
        assert_eq!(long.typed.len(), MAX_VALUE_BYTES - 1);
        // A cursor that was made up begins from the start.
        let made_up = Asked::of("cursor=x").wanted(5).unwrap();
        assert_eq!(made_up.after, None);
    }

    #[test]
    fn a_cursor_is_of_one_order() {
        let cursor = "cursor=updated.d.0.1.00000000000000000000000000000007";
        for query in [
            "",
            "cursor=",
            cursor,
            &format!("{cursor}&sort=updated&order=down"),
        ] {
            assert!(!Asked::of(query).cursor_is_made_up(), "{query}");
        }
        for query in [
            "cursor=x",
            "cursor=%ff",
            "cursor=%",
            &format!("{cursor}&order=up"),
            &format!("sort=title&{cursor}"),
        ] {
            assert!(Asked::of(query).cursor_is_made_up(), "{query}");
        }
    }

    #[test]
    fn no_word_is_not_the_same_as_nothing_typed() {
        assert!(Asked::of("q=%21%21").wanted(5).is_none());
        assert!(Asked::of("q=++").wanted(5).is_some());
    }
}
