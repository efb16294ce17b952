//! Sessions: the browsers an account is signed in with, the programs that hold an
//! access token of it, and where each of them has sockets, so that ending one
//! reaches these.

use super::Shown;
use crate::database::{Database, Row, Statement, StoreError, Value};
use crate::ids::PersonId;
use crate::rechecks;

/// No socket lives as long as this, 90 days: each release closes all there are.
const SOCKET_LIVES_MS: u64 = 90 * 24 * 60 * 60 * 1000;

/// A session about to start.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewSession {
    /// Hash of its token.
    pub token_hash: String,
    /// Browser and system, as its owner reads it, or the name of an access token.
    pub label: String,
    /// Now, milliseconds of the epoch.
    pub at: u64,
}

/// A session, as its owner reads it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SessionCard {
    /// Hash of its token, which names it and proves nothing.
    pub token_hash: String,
    /// Browser and system, or the name of an access token.
    pub label: String,
    /// When it started, milliseconds of the epoch.
    pub created_at: u64,
    /// When it was last seen, to the hour; 0 for an access token never used.
    pub seen_at: u64,
    /// Whether it is an access token: a program's, not a browser's.
    pub access_token: bool,
}

/// Which sessions of somebody are ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Which<'a> {
    /// The one with a token of this hash, a browser's or a program's.
    One(&'a str),
    /// Those of all browsers but that one; programs keep their access tokens.
    AllBut(&'a str),
}

/// The sessions of somebody, access tokens among them, last seen first.
///
/// # Errors
/// When the database is out.
pub async fn sessions(
    database: &dyn Database,
    person: PersonId,
) -> Result<Vec<SessionCard>, StoreError> {
    let rows = database.query(list(person)).await?;
    rows.iter().map(card).collect()
}

/// Ends sessions of somebody. Returns the keys of the rooms where they have
/// sockets, or had; these are noted to be told (`crate::rechecks`).
///
/// # Errors
/// When the database is out; then they go on.
pub async fn end(
    database: &dyn Database,
    person: PersonId,
    which: Which<'_>,
    at: u64,
) -> Result<Vec<String>, StoreError> {
    let (one, but) = match which {
        Which::One(hash) => (Some(hash), None),
        Which::AllBut(hash) => (None, Some(hash)),
    };
    let ended = Statement::new(
        "UPDATE credentials SET ended_at = ?4
         WHERE person_id = ?1 AND kind = 'session' AND ended_at IS NULL
           AND (?2 IS NULL OR token_hash = ?2)
           AND (?3 IS NULL OR (token_hash <> ?3 AND access_token = 0))",
        [person.into(), one.into(), but.into(), at.into()],
    );
    let [noted, forgotten] = rechecks::of_ended(person, at);
    let results = database.batch(vec![ended, noted, forgotten]).await?;
    rechecks::keys(results.get(1).map_or(&[], Vec::as_slice))
}

/// Keeps that a session has a socket on a key. Returns `false` for a session that
/// has ended: it is not to be let in.
///
/// # Errors
/// When the database is out.
pub async fn joined(
    database: &dyn Database,
    token_hash: &str,
    key: &str,
    at: u64,
) -> Result<bool, StoreError> {
    let rows = database
        .query(Statement::new(
            "INSERT INTO session_keys (token_hash, key, joined_at)
             SELECT token_hash, ?2, ?3 FROM credentials
             WHERE token_hash = ?1 AND kind = 'session' AND ended_at IS NULL
             ON CONFLICT (token_hash, key) DO UPDATE SET joined_at = excluded.joined_at
             RETURNING key",
            [Value::from(token_hash), key.into(), at.into()],
        ))
        .await?;
    Ok(!rows.is_empty())
}

pub(super) fn list(person: PersonId) -> Statement {
    Statement::new(
        "SELECT token_hash, label, created_at, seen_at, access_token FROM credentials
         WHERE person_id = ?1 AND kind = 'session' AND ended_at IS NULL
         ORDER BY seen_at DESC, created_at DESC, token_hash",
        [Value::from(person)],
    )
}

/// Starts a session by what was shown. Where that is no way in for this person, or
/// has signed meanwhile, there is nobody; the row is refused then, and all that
/// comes with it.
pub(super) fn start(person: PersonId, shown: &Shown, session: &NewSession) -> Statement {
    let common = [
        Value::from(session.token_hash.as_str()),
        session.at.into(),
        session.label.as_str().into(),
        person.into(),
    ];
    let (sql, proof) = match shown {
        Shown::Passkey { record, .. } => (
            "INSERT INTO credentials (token_hash, created_at, kind, label, seen_at, person_id)
             VALUES (?1, ?2, 'session', ?3, ?2,
               (SELECT person_id FROM passkeys WHERE id = ?5 AND sign_count = ?6 AND person_id = ?4))",
            [
                Value::from(record.id.as_str()),
                u64::from(record.sign_count).into(),
            ],
        ),
        Shown::Identity(identity) => (
            "INSERT INTO credentials (token_hash, created_at, kind, label, seen_at, person_id)
             VALUES (?1, ?2, 'session', ?3, ?2,
               (SELECT person_id FROM identities WHERE issuer = ?5 AND subject = ?6 AND person_id = ?4))",
            [
                Value::from(identity.issuer.as_str()),
                identity.subject.as_str().into(),
            ],
        ),
    };
    Statement::new(sql, [&common[..], &proof[..]].concat())
}

/// Ends a token, of a guest or a session; a guest's row names the account from
/// now on, a session's stays its person's.
pub(super) fn end_token(token_hash: &str, person: PersonId, at: u64) -> Statement {
    Statement::new(
        "INSERT INTO credentials (token_hash, person_id, created_at, ended_at)
         VALUES (?1, ?2, ?3, ?3)
         ON CONFLICT (token_hash) DO UPDATE SET
           ended_at = coalesce(credentials.ended_at, excluded.ended_at),
           person_id = CASE credentials.kind
             WHEN 'guest' THEN excluded.person_id ELSE credentials.person_id END",
        [Value::from(token_hash), person.into(), at.into()],
    )
}

/// A session is seen. Where it joined so long ago that no socket is left goes.
pub(super) fn seen(token_hash: &str, at: u64) -> Vec<Statement> {
    vec![
        Statement::new(
            "UPDATE credentials SET seen_at = max(coalesce(seen_at, 0), ?2) WHERE token_hash = ?1",
            [Value::from(token_hash), at.into()],
        ),
        Statement::new(
            "DELETE FROM session_keys WHERE token_hash = ?1 AND joined_at < ?2",
            [
                Value::from(token_hash),
                at.saturating_sub(SOCKET_LIVES_MS).into(),
            ],
        ),
    ]
}

pub(super) fn card(row: &Row) -> Result<SessionCard, StoreError> {
    Ok(SessionCard {
        token_hash: row.text("token_hash")?.to_owned(),
        label: row.text("label")?.to_owned(),
        created_at: row.number("created_at")?,
        seen_at: row.optional_number("seen_at")?.unwrap_or_default(),
        access_token: row.number("access_token")? == 1,
    })
}
