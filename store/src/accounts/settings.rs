//! What an account reads and changes about itself.

use super::passkeys::{self, PasskeyCard};
use super::sessions::{self, SessionCard};
use super::{Identity, Standing, standing};
use crate::database::{Database, Row, Statement, StoreError, Value};
use crate::ids::PersonId;

/// An account, as its owner reads it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Account {
    /// Who.
    pub standing: Standing,
    /// Whether it is the instance's admin.
    pub admin: bool,
    /// Its passkeys, oldest first.
    pub passkeys: Vec<PasskeyCard>,
    /// Who it is at providers of accounts, oldest first.
    pub identities: Vec<IdentityCard>,
    /// Where it is signed in, last seen first.
    pub sessions: Vec<SessionCard>,
    /// Its access tokens, last used first.
    pub tokens: Vec<SessionCard>,
}

/// An identity, as its owner reads it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct IdentityCard {
    /// Which.
    pub identity: Identity,
    /// Since when it is a way in, milliseconds of the epoch.
    pub created_at: u64,
}

/// Everything about an account; `None` for a person who has none.
///
/// # Errors
/// When the database is out.
pub async fn account(
    database: &dyn Database,
    person: PersonId,
) -> Result<Option<Account>, StoreError> {
    let who = Statement::new(
        "SELECT people.id AS person, name, colour, admin
         FROM accounts JOIN people ON people.id = accounts.person_id WHERE person_id = ?1",
        [Value::from(person)],
    );
    let passkeys = Statement::new(
        "SELECT id, label, created_at, used_at FROM passkeys
         WHERE person_id = ?1 ORDER BY created_at, id",
        [Value::from(person)],
    );
    let identities = Statement::new(
        "SELECT issuer, subject, created_at FROM identities
         WHERE person_id = ?1 ORDER BY created_at, issuer, subject",
        [Value::from(person)],
    );
    let statements = vec![who, passkeys, identities, sessions::list(person)];
    let results = database.batch(statements).await?;
    let [who, passkeys, identities, sessions] = results.as_slice() else {
        return Err(StoreError::BadRow("person"));
    };
    let Some(row) = who.first() else {
        return Ok(None);
    };
    let sessions: Result<Vec<_>, StoreError> = sessions.iter().map(sessions::card).collect();
    let (tokens, sessions) = sessions?.into_iter().partition(|card| card.access_token);
    Ok(Some(Account {
        standing: standing(row)?,
        admin: row.number("admin")? == 1,
        passkeys: passkeys
            .iter()
            .map(passkeys::card)
            .collect::<Result<_, _>>()?,
        identities: identities.iter().map(identity).collect::<Result<_, _>>()?,
        sessions,
        tokens,
    }))
}

/// Gives an account another name and colour.
///
/// # Errors
/// When the database is out.
pub async fn rename(
    database: &dyn Database,
    person: PersonId,
    name: &str,
    colour: u8,
    at: u64,
) -> Result<(), StoreError> {
    database
        .query(Statement::new(
            "UPDATE people SET name = ?2, colour = ?3, seen_at = max(seen_at, ?4)
             WHERE id = ?1 AND id IN (SELECT person_id FROM accounts)",
            [
                person.into(),
                name.into(),
                u64::from(colour).into(),
                at.into(),
            ],
        ))
        .await
        .map(drop)
}

fn identity(row: &Row) -> Result<IdentityCard, StoreError> {
    Ok(IdentityCard {
        identity: Identity {
            issuer: row.text("issuer")?.to_owned(),
            subject: row.text("subject")?.to_owned(),
        },
        created_at: row.number("created_at")?,
    })
}
