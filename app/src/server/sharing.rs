//! What sharing asks of the Worker: tokens, slow hashes, rates, and telling people.

use realtime::Refusal;
use store::notifications::NewNotification;
use uuid::Uuid;

use super::Pending;

/// What sharing needs of the runtime and the environment.
pub trait ShareNotes: Send + Sync {
    /// A fresh id.
    ///
    /// # Errors
    /// [`Refusal::Storage`] when the runtime has no random bytes.
    fn fresh_id(&self) -> Result<Uuid, Refusal>;

    /// The token of a link: made anew from the link's id and the instance's
    /// secret, so that its owner can copy it again and the database never had it.
    fn link_token(&self, link: Uuid) -> String;

    /// The slow hash of a link's password.
    fn hash_password<'a>(&'a self, password: &'a str) -> Pending<'a, Result<String, Refusal>>;

    /// Keeps a notification and pushes it. That it could not be is no reason to
    /// say that sharing failed; it is logged.
    fn tell(&self, what: NewNotification) -> Pending<'_, ()>;

    /// Whether one more invitation, link or request may be made from here now.
    fn check_rate(&self) -> Pending<'_, Result<(), Refusal>>;
}
