//! Where a page of a list ended, as text in an address: the sort key and the id
//! of its last note. Whoever makes one up sees another part of their own list.

use std::str::FromStr;

use uuid::Uuid;

use super::{Order, SortBy};
use crate::database::Value;
use crate::ids::NoteId;

/// Longest cursor that is read: a title's beginning in hexadecimal is most of it.
const MAX_CURSOR_BYTES: usize = 700;

/// The last note of a page.
#[derive(Clone, Debug, PartialEq)]
pub struct Cursor {
    pub(super) order: Order,
    /// Notes whose title has the words come before the others.
    pub(super) tier: u64,
    pub(super) key: Key,
    pub(super) id: NoteId,
}

/// What a list is sorted by.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Key {
    Time(u64),
    Title(String),
}

impl From<&Key> for Value {
    fn from(key: &Key) -> Self {
        match key {
            Key::Time(at) => (*at).into(),
            Key::Title(title) => title.as_str().into(),
        }
    }
}

impl Cursor {
    /// Whether a list in this order gave it out.
    #[must_use]
    pub fn is_of(&self, order: Order) -> bool {
        self.order == order
    }

    /// The cursor as it stands in an address.
    #[must_use]
    pub fn to_text(&self) -> String {
        let direction = if self.order.descending { "d" } else { "a" };
        let key = match &self.key {
            Key::Time(at) => at.to_string(),
            Key::Title(title) => title.bytes().map(|byte| format!("{byte:02x}")).collect(),
        };
        let Self {
            order, tier, id, ..
        } = self;
        format!(
            "{}.{direction}.{tier}.{key}.{}",
            order.by.as_str(),
            id.0.simple()
        )
    }
}

/// A text that is no cursor.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("this is no cursor of a list")]
pub struct BadCursor;

impl FromStr for Cursor {
    type Err = BadCursor;

    fn from_str(text: &str) -> Result<Self, BadCursor> {
        read(text).ok_or(BadCursor)
    }
}

fn read(text: &str) -> Option<Cursor> {
    if text.len() > MAX_CURSOR_BYTES {
        return None;
    }
    let mut parts = text.split('.');
    let by = SortBy::find(parts.next()?)?;
    let descending = match parts.next()? {
        "d" => true,
        "a" => false,
        _ => return None,
    };
    let tier = parts.next()?.parse().ok().filter(|tier| *tier <= 1)?;
    let key = parts.next()?;
    let key = match by {
        SortBy::Title => Key::Title(from_hex(key)?),
        _ => Key::Time(key.parse().ok().filter(|at| *at <= MOST_MS)?),
    };
    let id = NoteId(Uuid::try_parse(parts.next()?).ok()?);
    parts.next().is_none().then_some(Cursor {
        order: Order { by, descending },
        tier,
        key,
        id,
    })
}

/// Times beyond it do not survive D1, which has only floats.
const MOST_MS: u64 = 1 << 53;

fn from_hex(hex: &str) -> Option<String> {
    if !hex.is_ascii() || hex.len() % 2 == 1 {
        return None;
    }
    let pairs = hex.as_bytes().chunks(2);
    let bytes: Option<Vec<u8>> = pairs
        .map(|pair| u8::from_str_radix(std::str::from_utf8(pair).ok()?, 16).ok())
        .collect();
    String::from_utf8(bytes?).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cursor_reads_back_as_it_was_written() {
        for (by, key) in [
            (SortBy::Updated, Key::Time(1_790_000_000_000)),
            (SortBy::Title, Key::Title("plan für.\u{1f469} x".to_owned())),
            (SortBy::Title, Key::Title(String::new())),
            (SortBy::Visited, Key::Time(0)),
        ] {
            let cursor = Cursor {
                order: Order {
                    by,
                    descending: by == SortBy::Updated,
                },
                tier: 1,
                key,
                id: NoteId(Uuid::from_u128(7)),
            };
            assert!(cursor.is_of(cursor.order) && !cursor.is_of(Order::of(SortBy::Created)));
            assert_eq!(cursor.to_text().parse(), Ok(cursor));
        }
    }

    #[test]
    fn anything_else_is_none() {
        let id = Uuid::from_u128(7).simple().to_string();
        for text in [
            "".to_owned(),
            "....".to_owned(),
            format!("updated.d.0.x.{id}"),
            format!("updated.d.2.1.{id}"),
            format!("updated.x.0.1.{id}"),
            format!("other.d.0.1.{id}"),
            format!("updated.d.0.1.{id}.1"),
            format!("updated.d.0.18446744073709551615.{id}"),
            "updated.d.0.1.x".to_owned(),
            format!("title.d.0.f.{id}"),
            format!("title.d.0.ff.{id}"),
            format!("title.d.0.é.{id}"),
            format!("title.d.0.{}.{id}", "61".repeat(400)),
        ] {
            assert_eq!(text.parse::<Cursor>(), Err(BadCursor), "{text}");
        }
    }
}
