//! Sharing a note: to whom it is open, who is in it by name, by which links, and
//! who waits. Whether somebody may change any of it is [`crate::role_for`]'s to
//! say, before anything here is called.

pub mod links;
pub mod members;
pub mod requests;

use crate::access::GeneralAccess;
use crate::database::{Database, Statement, StoreError, Value};
use crate::ids::{NoteId, PersonId};
use crate::people::{self, Writer};
use crate::rechecks;

/// Sets what those may do who have no right of their own.
///
/// # Errors
/// When the database is out.
pub async fn open_to(
    database: &dyn Database,
    note: NoteId,
    general: GeneralAccess,
    at: u64,
) -> Result<(), StoreError> {
    let opened = Statement::new(
        "UPDATE notes SET audience = ?2, general_role = ?3, access = ?4 WHERE id = ?1",
        [
            note.into(),
            general.audience.as_str().into(),
            general.role.as_str().into(),
            general.one_word().into(),
        ],
    );
    let statements = vec![opened, rechecks::of_note(note, at)];
    database.batch(statements).await.map(drop)
}

/// Gives a note to one of its members. Who had it stays as somebody who may edit,
/// and a token that acted for them does so no longer.
///
/// # Errors
/// [`StoreError::Conflict`] when it is not theirs any more, or the other is no
/// member.
pub async fn transfer(
    database: &dyn Database,
    note: NoteId,
    from: PersonId,
    to: PersonId,
    at: u64,
) -> Result<(), StoreError> {
    let given = Statement::new(
        "UPDATE notes SET owner_id = ?3, owner_token_hash = NULL
         WHERE id = ?1 AND owner_id = ?2
           AND EXISTS (SELECT 1 FROM note_members WHERE note_id = ?1 AND person_id = ?3)
         RETURNING id",
        [note.into(), from.into(), to.into()],
    );
    let stays = Statement::new(
        "INSERT INTO note_members (note_id, person_id, role, added_at)
         SELECT id, ?2, 'edit', ?4 FROM notes WHERE id = ?1 AND owner_id = ?3
         ON CONFLICT (person_id, note_id) DO UPDATE SET role = excluded.role",
        [note.into(), from.into(), to.into(), at.into()],
    );
    let results = database
        .batch(vec![
            given,
            stays,
            no_member(note, to),
            rechecks::of_note(note, at),
        ])
        .await?;
    match results.first() {
        Some(given) if !given.is_empty() => Ok(()),
        _ => Err(StoreError::Conflict),
    }
}

/// Gives a note that has no owner to somebody, by the token that acted for one until
/// now and does so no longer.
///
/// # Errors
/// [`StoreError::Conflict`] when it has an owner already, or the token is another
/// one.
pub async fn claim(
    database: &dyn Database,
    note: NoteId,
    token_hash: &str,
    who: &Writer,
) -> Result<(), StoreError> {
    let mut statements = people::keep(who);
    let claim = statements.len();
    statements.push(Statement::new(
        "UPDATE notes SET owner_id = ?2, owner_token_hash = NULL
         WHERE id = ?1 AND owner_id IS NULL AND owner_token_hash = ?3
         RETURNING id",
        [note.into(), who.person.into(), token_hash.into()],
    ));
    statements.push(no_member(note, who.person));
    statements.push(rechecks::of_note(note, who.at));
    let results = database.batch(statements).await?;
    match results.get(claim) {
        Some(claimed) if !claimed.is_empty() => Ok(()),
        _ => Err(StoreError::Conflict),
    }
}

/// The owner of a note is none of its members.
fn no_member(note: NoteId, owner: PersonId) -> Statement {
    Statement::new(
        "DELETE FROM note_members WHERE note_id = ?1 AND person_id = ?2
           AND EXISTS (SELECT 1 FROM notes WHERE id = ?1 AND owner_id = ?2)",
        [Value::from(note), owner.into()],
    )
}
