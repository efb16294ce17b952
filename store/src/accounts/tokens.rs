//! Access tokens: with one a program is the person of an account. They are sessions
//! in all that is asked of them (`sessions.rs`); what is theirs is how they begin.

use super::NewSession;
use crate::database::{Database, Statement, StoreError, Value};
use crate::ids::PersonId;

/// Most access tokens an account has: one for each program and device, and no list
/// that nobody looks through any more.
pub const MAX_ACCESS_TOKENS: u64 = 50;

/// Gives an account an access token; its name is the label.
///
/// # Errors
/// [`StoreError::Conflict`] when it has as many as it may, or there is no such
/// account any more.
pub async fn add_token(
    database: &dyn Database,
    person: PersonId,
    token: &NewSession,
) -> Result<(), StoreError> {
    let rows = database
        .query(Statement::new(
            "INSERT INTO credentials (token_hash, person_id, created_at, kind, label, access_token)
             SELECT ?1, person_id, ?3, 'session', ?4, 1 FROM accounts
             WHERE person_id = ?2 AND ?5 >
               (SELECT count(*) FROM credentials
                WHERE person_id = ?2 AND access_token = 1 AND ended_at IS NULL)
             RETURNING token_hash",
            [
                Value::from(token.token_hash.as_str()),
                person.into(),
                token.at.into(),
                token.label.as_str().into(),
                MAX_ACCESS_TOKENS.into(),
            ],
        ))
        .await?;
    rows.first().map(drop).ok_or(StoreError::Conflict)
}
