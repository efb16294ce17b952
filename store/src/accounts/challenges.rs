//! Questions to a browser that wants to be somebody: each is answered once, soon,
//! and by the browser it was put to.

use crate::database::{Database, Statement, StoreError, Value};

/// What a question is for. An answer to one is none to the others.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Purpose {
    /// A passkey is made.
    Register,
    /// A passkey is shown.
    SignIn,
    /// A provider of accounts is asked.
    Oidc,
}

impl Purpose {
    fn as_str(self) -> &'static str {
        match self {
            Self::Register => "register",
            Self::SignIn => "sign_in",
            Self::Oidc => "oidc",
        }
    }
}

/// A question.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Challenge<'a> {
    /// Hash of what has to come back.
    pub hash: &'a str,
    /// What it is for.
    pub purpose: Purpose,
    /// Hash of the browser's token.
    pub token_hash: &'a str,
}

/// How long a question is open, milliseconds: five minutes, time to find the key.
const OPEN_FOR_MS: u64 = 5 * 60 * 1000;

/// Puts a question, with what the answer will need. Those nobody answered in time
/// go.
///
/// # Errors
/// When the database is out.
pub async fn ask(
    database: &dyn Database,
    challenge: &Challenge<'_>,
    data: &str,
    at: u64,
) -> Result<(), StoreError> {
    let clean = Statement::new(
        "DELETE FROM challenges WHERE expires_at <= ?1",
        [Value::from(at)],
    );
    let insert = Statement::new(
        "INSERT INTO challenges (challenge_hash, purpose, token_hash, data, expires_at)
         VALUES (?1, ?2, ?3, ?4, ?5)",
        [
            Value::from(challenge.hash),
            challenge.purpose.as_str().into(),
            challenge.token_hash.into(),
            data.into(),
            at.saturating_add(OPEN_FOR_MS).into(),
        ],
    );
    database.batch(vec![clean, insert]).await.map(drop)
}

/// Takes a question back, for its answer is here: what was kept with it, or
/// `None` when there is none that this browser may answer.
///
/// # Errors
/// When the database is out.
pub async fn answer(
    database: &dyn Database,
    challenge: &Challenge<'_>,
    at: u64,
) -> Result<Option<String>, StoreError> {
    let rows = database
        .query(Statement::new(
            "DELETE FROM challenges
             WHERE challenge_hash = ?1 AND purpose = ?2 AND token_hash = ?3
             RETURNING data, expires_at",
            [
                Value::from(challenge.hash),
                challenge.purpose.as_str().into(),
                challenge.token_hash.into(),
            ],
        ))
        .await?;
    match rows.first() {
        Some(row) if row.number("expires_at")? > at => Ok(Some(row.text("data")?.to_owned())),
        _ => Ok(None),
    }
}
