//! What sharing asks of the runtime: ids, tokens of links, slow hashes, rates, and
//! the feeds of those who are told.

use app::server::{Pending, ShareNotes};
use realtime::{Key, Refusal};
use store::notifications::NewNotification;
use uuid::{Builder, Uuid};
use worker::send::SendFuture;

use crate::crypto::password::hash_password;
use crate::crypto::web::WebCrypto;
use crate::feeds;
use crate::notes::{Maker, Rate, as_refusal};
use crate::secret::link_token;
use crate::visitor::random;

impl ShareNotes for Maker {
    fn fresh_id(&self) -> Result<Uuid, Refusal> {
        let bytes = random().map_err(|problem| as_refusal(&problem))?;
        Ok(Builder::from_random_bytes(bytes).into_uuid())
    }

    fn link_token(&self, link: Uuid) -> String {
        link_token(&self.secret, link)
    }

    fn hash_password<'a>(&'a self, password: &'a str) -> Pending<'a, Result<String, Refusal>> {
        Box::pin(SendFuture::new(async move {
            hash_password(&WebCrypto, password).await.map_err(|error| {
                worker::console_error!("hashing a password: {error}");
                Refusal::Storage
            })
        }))
    }

    fn tell(&self, what: NewNotification) -> Pending<'_, ()> {
        Box::pin(SendFuture::new(async move {
            match store::notifications::keep(&*self.database, &[what]).await {
                Ok(told) => {
                    for person in told {
                        feeds::render(&self.env, &Key::User(person.0)).await;
                    }
                }
                Err(error) => worker::console_error!("a notification was not kept: {error}"),
            }
        }))
    }

    fn check_rate(&self) -> Pending<'_, Result<(), Refusal>> {
        Box::pin(SendFuture::new(async move {
            let checked = Maker::check_rate(self, Rate::Sharing).await;
            checked.map_err(|problem| as_refusal(&problem))
        }))
    }
}
