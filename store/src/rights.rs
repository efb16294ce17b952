//! Rights as the database has them: one question for a note and any number of
//! people, so that a room can ask for all of its sockets at once.

use crate::access::{Action, Asker, Grants, Right, Role, role_for};
use crate::database::{Database, Row, Statement, StoreError, Value};
use crate::ids::{NoteId, PersonId};
use crate::notes::{self, NoteRecord};

/// A note, and what one who asked may do with it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Found {
    /// The note.
    pub note: NoteRecord,
    /// What they may do; none at all is answered like no note.
    pub right: Option<Right>,
}

/// Finds a note and what somebody may do with it. What is in the trash is found
/// too: only the right decides who may see it.
///
/// # Errors
/// When the database is out.
pub async fn of(
    database: &dyn Database,
    id: NoteId,
    who: &Asker<'_>,
    now: u64,
) -> Result<Option<Found>, StoreError> {
    let Some((note, rights)) = of_all(database, id, std::slice::from_ref(who), now).await? else {
        return Ok(None);
    };
    let right = rights.into_iter().next().flatten();
    Ok(Some(Found { note, right }))
}

/// Finds a note and what each of these may do with it, in their order; none for no
/// note, and for nobody. Of the note's row only what stands before its text is read.
///
/// # Errors
/// When the database is out.
pub async fn of_all(
    database: &dyn Database,
    id: NoteId,
    askers: &[Asker<'_>],
    now: u64,
) -> Result<Option<(NoteRecord, Vec<Option<Right>>)>, StoreError> {
    of_each(database, id, askers, Shown::Token, now).await
}

/// Which of these people may read a note, of those who are to be told of something in
/// it. They ask for nothing and show nothing, so an account counts without a session;
/// and who came by what they brought along, as programs do, is not known to have come.
///
/// # Errors
/// When the database is out.
pub async fn readers(
    database: &dyn Database,
    id: NoteId,
    people: &[PersonId],
    now: u64,
) -> Result<Vec<PersonId>, StoreError> {
    let askers = people.iter().map(|person| Asker {
        person: Some(*person),
        ..Asker::default()
    });
    let askers: Vec<_> = askers.collect();
    let found = of_each(database, id, &askers, Shown::Nothing, now).await?;
    let rights = found.map(|(_, rights)| rights).unwrap_or_default();
    let readers = people.iter().zip(rights).filter_map(|(person, right)| {
        let may_read = right.is_some_and(|right| right.role.may(Action::Read));
        may_read.then_some(*person)
    });
    Ok(readers.collect())
}

/// What says of somebody that they have an account.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Shown {
    /// A session's token, as long as it stands.
    Token,
    /// Nothing: the account itself.
    Nothing,
}

async fn of_each(
    database: &dyn Database,
    id: NoteId,
    askers: &[Asker<'_>],
    shown: Shown,
    now: u64,
) -> Result<Option<(NoteRecord, Vec<Option<Right>>)>, StoreError> {
    let rows = database
        .query(Statement::new(
            "WITH asked AS (
               SELECT key AS place, value ->> 'person' AS person,
                 value ->> 'credential' AS credential, value ->> 'bearer' AS bearer,
                 EXISTS (SELECT 1 FROM credentials
                   WHERE token_hash = value ->> 'credential' AND ended_at IS NOT NULL) AS ended
               FROM json_each(?2)),
             asker AS (
               SELECT place, credential, bearer, ended,
                 CASE WHEN ended THEN NULL ELSE person END AS person
               FROM asked)
             SELECT notes.id, owner_id, owner_token_hash, access, audience, general_role,
               (SELECT title FROM notes AS named WHERE named.id = ?1) AS title,
               notes.created_at, trashed_at, ended,
               CASE WHEN ?3 THEN EXISTS (SELECT 1 FROM accounts WHERE person_id = asker.person)
                 ELSE EXISTS (SELECT 1 FROM credentials AS known
                   WHERE known.token_hash = asker.credential AND kind = 'session'
                     AND ended_at IS NULL AND known.person_id = asker.person)
                 END AS signed_in,
               (SELECT role FROM note_members
                 WHERE note_id = notes.id AND person_id = asker.person) AS member,
               (SELECT group_concat(role || ' ' || coalesce(expires_at, ''), ',')
                 FROM share_links AS link
                 WHERE note_id = notes.id AND revoked_at IS NULL AND invitation = 0
                   AND ((token_hash = asker.bearer AND password IS NULL AND max_uses IS NULL)
                     OR EXISTS (SELECT 1 FROM link_people
                       WHERE link_id = link.id AND person_id = asker.person))) AS links
             FROM asker JOIN notes INDEXED BY notes_rights ON notes.id = ?1 ORDER BY place",
            [
                id.into(),
                json(askers)?.into(),
                u64::from(shown == Shown::Nothing).into(),
            ],
        ))
        .await?;
    let Some(first) = rows.first() else {
        return Ok(None);
    };
    let note = notes::record(first)?;
    let right_of = |(row, who): (&Row, &Asker<'_>)| {
        Ok::<_, StoreError>(role_for(who, &note, &grants(row)?, now))
    };
    let rights = rows
        .iter()
        .zip(askers)
        .map(right_of)
        .collect::<Result<_, _>>()?;
    Ok(Some((note, rights)))
}

/// Which of these tokens still stand, in their order: an ended one is nobody's.
///
/// # Errors
/// When the database is out.
pub async fn standing(
    database: &dyn Database,
    askers: &[Asker<'_>],
) -> Result<Vec<bool>, StoreError> {
    let rows = database
        .query(Statement::new(
            "SELECT NOT EXISTS (SELECT 1 FROM credentials
               WHERE token_hash = value ->> 'credential' AND ended_at IS NOT NULL) AS stands
             FROM json_each(?1) ORDER BY key",
            [json(askers)?.into()],
        ))
        .await?;
    rows.iter()
        .map(|row| Ok(row.number("stands")? == 1))
        .collect()
}

/// Whether a bearer token is known: a note's owner token, or that of a link which
/// lets programs in.
///
/// # Errors
/// When the database is out.
pub async fn is_bearer(
    database: &dyn Database,
    bearer_hash: &str,
    now: u64,
) -> Result<bool, StoreError> {
    let rows = database
        .query(Statement::new(
            "SELECT 1 AS known FROM notes WHERE owner_token_hash = ?1
             UNION ALL SELECT 1 FROM share_links
             WHERE token_hash = ?1 AND revoked_at IS NULL AND invitation = 0
               AND password IS NULL AND max_uses IS NULL
               AND (expires_at IS NULL OR expires_at > ?2)
             LIMIT 1",
            [Value::from(bearer_hash), now.into()],
        ))
        .await?;
    Ok(!rows.is_empty())
}

fn grants(row: &Row) -> Result<Grants, StoreError> {
    let member = row.optional_text("member")?;
    let links = row.optional_text("links")?.unwrap_or_default();
    Ok(Grants {
        ended: row.number("ended")? == 1,
        signed_in: row.number("signed_in")? == 1,
        member: member
            .map(|role| Role::from_column(role, "member"))
            .transpose()?,
        links: links
            .split(',')
            .filter(|link| !link.is_empty())
            .map(link)
            .collect::<Result<_, _>>()?,
    })
}

/// One link as the query writes it: role, blank, end; no end for one that has none.
fn link(words: &str) -> Result<(Role, Option<u64>), StoreError> {
    let bad = StoreError::BadRow("links");
    let (role, ends) = words.split_once(' ').ok_or(bad.clone())?;
    let role = Role::from_column(role, "links")?;
    let ends = match ends {
        "" => None,
        ends => Some(ends.parse().map_err(|_no_number| bad)?),
    };
    Ok((role, ends))
}

fn json(askers: &[Asker<'_>]) -> Result<String, StoreError> {
    let askers: Vec<_> = askers
        .iter()
        .map(|who| {
            serde_json::json!({
                "person": who.person.map(|person| person.to_string()),
                "credential": who.credential,
                "bearer": who.bearer_hash,
            })
        })
        .collect();
    serde_json::to_string(&askers).map_err(|_never| StoreError::BadRow("askers"))
}
