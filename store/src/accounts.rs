//! Accounts: people who come back on every device of theirs.
//!
//! Whoever becomes an account keeps the id they had as a guest, and with it their
//! notes and what they wrote. A browser's token is a guest's or a session's; once
//! ended it is nobody's, for good. A program's access token is a session, too. The row
//! of a guest's token that ended names the account it became, so that what is written
//! late still finds its person.

mod challenges;
mod deleting;
mod moving;
mod passkeys;
mod sessions;
mod settings;
mod tokens;

pub use challenges::{Challenge, Purpose, answer, ask};
pub use deleting::{Deleted, delete};
pub use passkeys::{
    NewPasskey, PasskeyCard, PasskeyRecord, add_passkey, passkey, remove_passkey, rename_passkey,
};
pub use sessions::{NewSession, SessionCard, Which, end, joined, sessions};
pub use settings::{Account, IdentityCard, account, rename};
pub use tokens::{MAX_ACCESS_TOKENS, add_token};

use crate::database::{Database, Row, Statement, StoreError, Value};
use crate::ids::PersonId;
use crate::people::{self, Writer};
use crate::rechecks;

/// What a browser's or a program's token stands for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Who {
    /// The guest made from the token.
    Guest,
    /// An account that is signed in with it, or gave it to a program.
    Account(Standing),
    /// Nobody, any more.
    Nobody,
}

/// An account, as its sessions show it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Standing {
    /// Who.
    pub person: PersonId,
    /// Name as chosen.
    pub name: String,
    /// Colour as an index of the palette.
    pub colour: u8,
}

/// What proves somebody at every sign-in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Way {
    /// A passkey made just now.
    Passkey(NewPasskey),
    /// Somebody at a provider of accounts.
    Identity(Identity),
}

/// Somebody at a provider of accounts (OpenID Connect).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Identity {
    /// Whose word it is: the address of the provider.
    pub issuer: String,
    /// Who it is there.
    pub subject: String,
}

/// What was shown to sign in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Shown {
    /// A passkey, with the count its signature came with.
    Passkey {
        /// The passkey as it was found.
        record: PasskeyRecord,
        /// What it counts to now.
        sign_count: u32,
    },
    /// An identity of this person.
    Identity(Identity),
}

impl Shown {
    /// A passkey that was made just now and has shown itself by that.
    fn new_passkey(person: PersonId, new: &NewPasskey) -> Self {
        Self::Passkey {
            record: PasskeyRecord {
                id: new.id.clone(),
                person,
                public_key: new.public_key.clone(),
                sign_count: new.sign_count,
            },
            sign_count: new.sign_count,
        }
    }
}

/// The browser that signs in, as it was until now: its token ends.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Before {
    /// Hash of its token.
    pub token_hash: String,
    /// The guest it was; none when it was signed in already.
    pub guest: Option<PersonId>,
}

/// How long a session is taken for seen, milliseconds: an hour. Less would write
/// a row for every page.
const SEEN_FOR_MS: u64 = 60 * 60 * 1000;

/// Who a token stands for. One question a request, and the time of the
/// last sight of a session is kept with it, now and then.
///
/// # Errors
/// When the database is out.
pub async fn who(database: &dyn Database, token_hash: &str, at: u64) -> Result<Who, StoreError> {
    let rows = database
        .query(Statement::new(
            "SELECT kind, ended_at, credentials.seen_at AS seen_at, people.id AS person, name, colour
             FROM credentials JOIN people ON people.id = credentials.person_id
             WHERE token_hash = ?1",
            [Value::from(token_hash)],
        ))
        .await?;
    let Some(row) = rows.first() else {
        return Ok(Who::Guest);
    };
    if row.optional_number("ended_at")?.is_some() {
        return Ok(Who::Nobody);
    }
    if row.text("kind")? != "session" {
        return Ok(Who::Guest);
    }
    let seen_at = row.optional_number("seen_at")?.unwrap_or_default();
    if at.saturating_sub(seen_at) >= SEEN_FOR_MS {
        database.batch(sessions::seen(token_hash, at)).await?;
    }
    standing(row).map(Who::Account)
}

/// Makes an account of somebody who was a guest until now. The first one of an
/// instance is its admin. The guest's token (their credential) ends.
///
/// # Errors
/// When the database is out, the guest's token ended meanwhile, or the way in is
/// somebody's already: then nothing is made.
pub async fn become_account(
    database: &dyn Database,
    guest: &Writer,
    way: &Way,
    session: &NewSession,
) -> Result<(), StoreError> {
    let Some(token_hash) = &guest.credential else {
        return Err(StoreError::Conflict);
    };
    let at = session.at;
    let mut statements = people::keep(guest);
    statements.push(Statement::new(
        // Where the token ended there is no person, and without one no account:
        // the row is refused, and all that comes with it.
        "INSERT INTO accounts (person_id, admin, created_at) VALUES (
           (SELECT ?2 FROM credentials
            WHERE token_hash = ?1 AND kind = 'guest' AND ended_at IS NULL),
           NOT EXISTS (SELECT 1 FROM accounts), ?3)",
        [token_hash.as_str().into(), guest.person.into(), at.into()],
    ));
    let (keep_way, shown) = match way {
        Way::Passkey(new) => (
            passkeys::insert(guest.person, new, at),
            Shown::new_passkey(guest.person, new),
        ),
        Way::Identity(identity) => (
            insert_identity(guest.person, identity, at),
            Shown::Identity(identity.clone()),
        ),
    };
    statements.push(keep_way);
    statements.push(sessions::end_token(token_hash, guest.person, at));
    statements.push(sessions::start(guest.person, &shown, session));
    database.batch(statements).await?;
    Ok(())
}

/// Signs a browser in. What it owned and wrote as a guest is the account's from
/// now on; its token ends.
///
/// # Errors
/// When the database is out, or what was shown is no way in any more: then
/// nothing has changed.
pub async fn sign_in(
    database: &dyn Database,
    person: PersonId,
    shown: &Shown,
    before: &Before,
    session: &NewSession,
) -> Result<Vec<String>, StoreError> {
    let at = session.at;
    let mut statements = vec![sessions::start(person, shown, session)];
    if let Shown::Passkey { record, sign_count } = shown {
        statements.push(passkeys::used(&record.id, *sign_count, at));
    }
    if let Some(guest) = before.guest.filter(|guest| *guest != person) {
        statements.extend(moving::move_all(guest, person));
    }
    statements.push(sessions::end_token(&before.token_hash, person, at));
    let noted = statements.len();
    statements.extend(rechecks::of_token(&before.token_hash, at));
    let results = database.batch(statements).await?;
    rechecks::keys(results.get(noted).map_or(&[], Vec::as_slice))
}

/// Whose an identity is.
///
/// # Errors
/// When the database is out.
pub async fn of_identity(
    database: &dyn Database,
    identity: &Identity,
) -> Result<Option<PersonId>, StoreError> {
    let rows = database
        .query(Statement::new(
            "SELECT person_id FROM identities WHERE issuer = ?1 AND subject = ?2",
            [
                Value::from(identity.issuer.as_str()),
                identity.subject.as_str().into(),
            ],
        ))
        .await?;
    rows.first()
        .map(|row| PersonId::from_column(row.text("person_id")?, "person_id"))
        .transpose()
}

/// Gives an account another way in.
///
/// # Errors
/// [`StoreError::Conflict`] when the identity is somebody's already.
pub async fn add_identity(
    database: &dyn Database,
    person: PersonId,
    identity: &Identity,
    at: u64,
) -> Result<(), StoreError> {
    let rows = database
        .query(insert_identity(person, identity, at))
        .await?;
    rows.first().map(drop).ok_or(StoreError::Conflict)
}

/// Takes an identity from an account, unless it is the last way in. Returns
/// whether it is gone.
///
/// # Errors
/// When the database is out.
pub async fn remove_identity(
    database: &dyn Database,
    person: PersonId,
    identity: &Identity,
) -> Result<bool, StoreError> {
    let rows = database
        .query(Statement::new(
            "DELETE FROM identities WHERE person_id = ?1 AND issuer = ?2 AND subject = ?3
               AND (SELECT count(*) FROM passkeys WHERE person_id = ?1)
                 + (SELECT count(*) FROM identities WHERE person_id = ?1) > 1
             RETURNING subject",
            [
                person.into(),
                identity.issuer.as_str().into(),
                identity.subject.as_str().into(),
            ],
        ))
        .await?;
    Ok(!rows.is_empty())
}

fn insert_identity(person: PersonId, identity: &Identity, at: u64) -> Statement {
    Statement::new(
        "INSERT INTO identities (issuer, subject, person_id, created_at) VALUES (?1, ?2, ?3, ?4)
         ON CONFLICT (issuer, subject) DO NOTHING RETURNING subject",
        [
            Value::from(identity.issuer.as_str()),
            identity.subject.as_str().into(),
            person.into(),
            at.into(),
        ],
    )
}

fn standing(row: &Row) -> Result<Standing, StoreError> {
    let colour = row.number("colour")?;
    Ok(Standing {
        person: PersonId::from_column(row.text("person")?, "person")?,
        name: row.text("name")?.to_owned(),
        colour: u8::try_from(colour).unwrap_or_default(),
    })
}
