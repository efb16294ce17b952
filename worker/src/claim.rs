//! `POST /note/<uuid>/claim`: who made a note as nobody, and kept its owner token,
//! makes it theirs. The token does nothing any more from then on.

use app::server::{open, recheck};
use axum::body::Body;
use http::{Response, StatusCode};
use store::{Action, NoteId, StoreError, hash_token};
use uuid::Uuid;

use crate::account::MOST_FORM_BYTES;
use crate::body::{self, Kind};
use crate::error::Problem;
use crate::http_notes::empty;
use crate::incoming::Incoming;
use crate::pages;
use crate::visitor::writer;

/// Claims a note.
pub(crate) async fn claim(incoming: &mut Incoming, id: Uuid) -> Result<Response<Body>, Problem> {
    let bytes = incoming.body(MOST_FORM_BYTES).await?;
    let services = incoming.services()?;
    // Who could not come back as the same person would own nothing.
    let me = writer(&incoming.visitor, services.now_ms).ok_or(Problem::WhoAsks)?;
    let kind = body::kind(&incoming.parts.headers);
    let token = match kind {
        Kind::Json => body::read_claim(&bytes)?,
        Kind::Form => body::form_field(&bytes, "owner_token").unwrap_or_default(),
        _ => return Err(Problem::MediaType("application/json or a form")),
    };
    let hash = hash_token(token.trim());
    // What the token gives, it is asked like everybody's right.
    let mut shown = incoming.visitor.clone();
    shown.bearer = Some(hash.clone());
    let opened = open(&services, &shown, id).await?;
    if !opened.claimable {
        return Err(Problem::Owned);
    }
    if !opened.role.may(Action::Transfer) {
        let sentence = "This is not the note's owner token. It came with the answer that made the note; check that it is whole.";
        return Err(Problem::SignIn(sentence.to_owned()));
    }
    match store::sharing::claim(&*services.database, NoteId(id), &hash, &me).await {
        // Somebody was quicker, with the same token.
        Err(StoreError::Conflict) => return Err(Problem::Owned),
        claimed => claimed?,
    }
    // It is theirs; a room that does not know yet is told by the clock.
    if let Err(refusal) = recheck(&services, id).await {
        worker::console_error!("{id} was not told who owns it: {refusal}");
    }
    Ok(match kind {
        Kind::Json => empty(StatusCode::NO_CONTENT),
        _ => pages::on_to(&format!("/note/{id}")),
    })
}
