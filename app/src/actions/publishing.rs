//! Publishing a note: under which address, and what its page shows. The page's open
//! sockets are looked at again before the answer goes out.

use leptos::prelude::*;
use store::StoreError;
use store::publishing::{self, Publication, Slug};
use uuid::Uuid;

use super::sharing::{Shared, say, stored};
use crate::server::refused;

/// Publishes a note of mine, or changes how it is. An unticked box sends nothing,
/// which is no.
#[server(prefix = "/api/fn", endpoint = "publish")]
pub async fn publish(
    note: Uuid,
    slug: String,
    #[server(default)] listed: bool,
    #[server(default)] author: bool,
    #[server(default)] contents: bool,
) -> Result<(), ServerFnError> {
    let note = Shared::open(note, store::Action::Publish).await?;
    note.publish(&slug, (listed, author, contents)).await
}

/// Takes the page of a note of mine down: who reads it is out, and its address is
/// free.
#[server(prefix = "/api/fn", endpoint = "unpublish")]
pub async fn unpublish(note: Uuid) -> Result<(), ServerFnError> {
    let note = Shared::open(note, store::Action::Publish).await?;
    note.unpublish().await
}

impl Shared {
    async fn publish(
        self,
        slug: &str,
        (listed, author, contents): (bool, bool, bool),
    ) -> Result<(), ServerFnError> {
        let slug = Slug::choose(slug.trim()).map_err(|wrong| say(&wrong.to_string()))?;
        self.services.share.check_rate().await.map_err(refused)?;
        let publication = Publication {
            slug,
            listed,
            author,
            contents,
        };
        let (database, at) = (&*self.services.database, self.services.now_ms);
        match publishing::publish(database, self.note, &publication, at).await {
            Err(StoreError::Conflict) => Err(say("That address is taken. Choose another.")),
            outcome => {
                stored(outcome)?;
                self.done().await
            }
        }
    }

    async fn unpublish(self) -> Result<(), ServerFnError> {
        let (database, at) = (&*self.services.database, self.services.now_ms);
        stored(publishing::unpublish(database, self.note, at).await)?;
        self.done().await
    }
}
