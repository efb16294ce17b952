//! The port through which everything else speaks to rooms: the Worker implements
//! it with Durable Objects, tests with a recorder.

use std::pin::Pin;

use crate::access::Who;
use crate::action::{Done, Request};
use crate::key::Key;
use crate::reading::Reading;
use crate::refusal::Refusal;

/// A future a port returns; `Send`, as server functions want it.
pub type Pending<'a, T> = Pin<Box<dyn Future<Output = T> + Send + 'a>>;

/// What a reader wants of a note beside its title and version.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Wanted {
    /// The Markdown source.
    pub text: bool,
    /// The rendered view.
    pub html: bool,
}

impl Wanted {
    /// The source alone.
    pub const TEXT: Self = Self {
        text: true,
        html: false,
    };
    /// The rendered view alone.
    pub const HTML: Self = Self {
        text: false,
        html: true,
    };
}

/// The rooms of an instance, by key. Existence and right are the caller's to
/// check first; a room does what an [`crate::Admission`] allows.
pub trait Rooms: Send + Sync {
    /// Does something to what the key is about.
    fn act<'a>(&'a self, key: &'a Key, request: Request) -> Pending<'a, Result<Done, Refusal>>;

    /// Reads what the key is about.
    fn read<'a>(&'a self, key: &'a Key, wanted: Wanted) -> Pending<'a, Result<Reading, Refusal>>;

    /// Brings the clients of a key up to date with what changed: renders once,
    /// sends to those meant.
    fn refresh<'a>(&'a self, key: &'a Key, who: Who) -> Pending<'a, Result<(), Refusal>>;

    /// Has the rights of a key's open sockets looked at again, after they changed.
    fn recheck<'a>(&'a self, key: &'a Key) -> Pending<'a, Result<(), Refusal>>;
}
