//! What actions on my own notifications share: whose they are, and that my other
//! tabs and devices see what was done.

use leptos::prelude::{ServerFnError, use_context};
use realtime::{Key, Refusal, Who};
use store::notifications::Chosen;
use store::{Database, PersonId, StoreError};

use super::go;
use crate::server::{Services, Visitor, context, refused};

/// Most numbers taken in at once; a panel shows fewer.
const MOST_IDS: usize = 200;

/// My own notifications.
pub(super) struct Mine {
    services: Services,
    pub(super) person: PersonId,
}

impl Mine {
    /// Whose they are is who asks, never a field of the form. Somebody made up
    /// for this one request has none.
    pub(super) fn open() -> Result<Self, ServerFnError> {
        let (services, visitor) = context()?;
        let Visitor {
            person,
            credential: Some(_),
            ..
        } = visitor
        else {
            return Err(refused(Refusal::NotAllowed));
        };
        Ok(Self {
            services,
            person: PersonId(person.id),
        })
    }

    pub(super) fn database(&self) -> &dyn Database {
        &*self.services.database
    }

    pub(super) fn now_ms(&self) -> u64 {
        self.services.now_ms
    }

    /// Brings my other tabs and devices up to date with what was done.
    pub(super) async fn changed(self, done: Result<(), StoreError>) -> Result<(), ServerFnError> {
        if let Err(error) = done {
            leptos::logging::warn!("notifications: {error}");
            return Err(refused(Refusal::Storage));
        }
        // It is done and stored; that a tab sees it later is no reason to say it failed.
        let key = Key::User(self.person.0);
        if let Err(refusal) = self.services.rooms.refresh(&key, Who::All).await {
            leptos::logging::warn!("refresh of {key}: {refusal}");
        }
        go(&page_before(&self.services.origin));
        Ok(())
    }
}

/// Numbers with commas between them; none at all means all.
pub(super) fn chosen(ids: &str) -> Result<Chosen, ServerFnError> {
    if ids.trim().is_empty() {
        return Ok(Chosen::All);
    }
    let numbers: Result<Vec<u64>, _> = ids.split(',').map(|id| id.trim().parse()).collect();
    match numbers {
        Ok(numbers) if numbers.len() <= MOST_IDS => Ok(Chosen::These(numbers)),
        Ok(_too_many) => Err(refused(Refusal::TooLarge)),
        Err(_no_number) => Err(refused(Refusal::Malformed)),
    }
}

/// Where a plain form was posted from, if that was a page of ours.
pub(super) fn page_before(origin: &str) -> String {
    let before = use_context::<http::request::Parts>().and_then(|parts| {
        let referer = parts.headers.get(http::header::REFERER)?.to_str().ok()?;
        let path = referer.strip_prefix(origin)?;
        // Whole, so that a path that begins with two slashes names no other host.
        path.starts_with('/').then(|| referer.to_owned())
    });
    before.unwrap_or_else(|| "/".to_owned())
}
