//! Passkeys: public keys, and how often each has signed.

use crate::database::{Database, Row, Statement, StoreError, Value};
use crate::ids::PersonId;

/// Most passkeys of one account: each is sent along when another is added.
const MOST: u64 = 32;

/// A passkey made just now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewPasskey {
    /// The credential id, base64url.
    pub id: String,
    /// Its key, as text.
    pub public_key: String,
    /// What it counts to.
    pub sign_count: u32,
    /// What its owner calls it.
    pub label: String,
}

/// A passkey, as a signature is checked against it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PasskeyRecord {
    /// The credential id, base64url.
    pub id: String,
    /// Whose it is.
    pub person: PersonId,
    /// Its key, as text.
    pub public_key: String,
    /// What it counted to when it last signed.
    pub sign_count: u32,
}

/// A passkey, as its owner reads it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PasskeyCard {
    /// The credential id, base64url.
    pub id: String,
    /// What its owner calls it.
    pub label: String,
    /// When it was made, milliseconds of the epoch.
    pub created_at: u64,
    /// When it last signed.
    pub used_at: Option<u64>,
}

/// Finds a passkey.
///
/// # Errors
/// When the database is out.
pub async fn passkey(
    database: &dyn Database,
    id: &str,
) -> Result<Option<PasskeyRecord>, StoreError> {
    let rows = database
        .query(Statement::new(
            "SELECT id, person_id, public_key, sign_count FROM passkeys WHERE id = ?1",
            [Value::from(id)],
        ))
        .await?;
    rows.first().map(record).transpose()
}

/// Gives an account another passkey.
///
/// # Errors
/// [`StoreError::Conflict`] when there is one of this id already, or the account
/// has as many as it may.
pub async fn add_passkey(
    database: &dyn Database,
    person: PersonId,
    new: &NewPasskey,
    at: u64,
) -> Result<(), StoreError> {
    let rows = database.query(insert(person, new, at)).await?;
    rows.first().map(drop).ok_or(StoreError::Conflict)
}

/// Calls a passkey something else.
///
/// # Errors
/// When the database is out.
pub async fn rename_passkey(
    database: &dyn Database,
    person: PersonId,
    id: &str,
    label: &str,
) -> Result<(), StoreError> {
    database
        .query(Statement::new(
            "UPDATE passkeys SET label = ?3 WHERE id = ?1 AND person_id = ?2",
            [Value::from(id), person.into(), label.into()],
        ))
        .await
        .map(drop)
}

/// Takes a passkey from an account, unless it is the last way in. Returns whether
/// it is gone.
///
/// # Errors
/// When the database is out.
pub async fn remove_passkey(
    database: &dyn Database,
    person: PersonId,
    id: &str,
) -> Result<bool, StoreError> {
    let rows = database
        .query(Statement::new(
            "DELETE FROM passkeys WHERE id = ?1 AND person_id = ?2
               AND (SELECT count(*) FROM passkeys WHERE person_id = ?2)
                 + (SELECT count(*) FROM identities WHERE person_id = ?2) > 1
             RETURNING id",
            [Value::from(id), person.into()],
        ))
        .await?;
    Ok(!rows.is_empty())
}

pub(super) fn insert(person: PersonId, new: &NewPasskey, at: u64) -> Statement {
    Statement::new(
        "INSERT INTO passkeys (id, person_id, public_key, sign_count, label, created_at)
         SELECT ?1, ?2, ?3, ?4, ?5, ?6
         WHERE (SELECT count(*) FROM passkeys WHERE person_id = ?2) < ?7
         ON CONFLICT (id) DO NOTHING RETURNING id",
        [
            Value::from(new.id.as_str()),
            person.into(),
            new.public_key.as_str().into(),
            u64::from(new.sign_count).into(),
            new.label.as_str().into(),
            at.into(),
            MOST.into(),
        ],
    )
}

pub(super) fn used(id: &str, sign_count: u32, at: u64) -> Statement {
    Statement::new(
        "UPDATE passkeys SET sign_count = ?2, used_at = ?3 WHERE id = ?1",
        [Value::from(id), u64::from(sign_count).into(), at.into()],
    )
}

pub(super) fn card(row: &Row) -> Result<PasskeyCard, StoreError> {
    Ok(PasskeyCard {
        id: row.text("id")?.to_owned(),
        label: row.text("label")?.to_owned(),
        created_at: row.number("created_at")?,
        used_at: row.optional_number("used_at")?,
    })
}

fn record(row: &Row) -> Result<PasskeyRecord, StoreError> {
    let count = row.number("sign_count")?;
    let Ok(sign_count) = u32::try_from(count) else {
        return Err(StoreError::BadRow("sign_count"));
    };
    Ok(PasskeyRecord {
        id: row.text("id")?.to_owned(),
        person: PersonId::from_column(row.text("person_id")?, "person_id")?,
        public_key: row.text("public_key")?.to_owned(),
        sign_count,
    })
}
