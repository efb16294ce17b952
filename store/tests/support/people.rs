//! Who is in the tests of accounts, and when.

use store::{PersonId, Writer};
use uuid::Uuid;

pub(crate) const NOON: u64 = 1_790_000_000_000;
pub(crate) const HOUR: u64 = 3_600_000;

/// Somebody with a guest's token.
pub(crate) fn guest(number: u128, name: &str) -> Writer {
    Writer {
        person: PersonId(Uuid::from_u128(number)),
        name: name.to_owned(),
        colour: 3,
        credential: Some(format!("guest {name}")),
        at: NOON,
    }
}

pub(crate) fn ada() -> Writer {
    guest(0xada, "Ada")
}

pub(crate) fn ben() -> Writer {
    guest(0xbe, "Ben")
}
