//! The end of an account. Its notes go to the trash; what it wrote in the notes
//! of others stays, by somebody without a name.

use crate::database::{Database, Statement, StoreError, Value};
use crate::ids::{NoteId, PersonId};
use crate::rechecks;

/// What is left to be told after an account is gone.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Deleted {
    /// Notes that went to the trash with it: nobody is in them any more.
    pub notes: Vec<NoteId>,
    /// Keys of the rooms where its sessions have sockets, or had.
    pub keys: Vec<String>,
}

/// What is about the person alone. `?1` is the person.
const THEIRS: [&str; 9] = [
    "DELETE FROM note_people WHERE person_id = ?1",
    "DELETE FROM room_people WHERE person_id = ?1",
    "DELETE FROM note_members WHERE person_id = ?1",
    "DELETE FROM link_people WHERE person_id = ?1",
    "DELETE FROM access_requests WHERE person_id = ?1",
    "DELETE FROM pins WHERE person_id = ?1",
    "DELETE FROM notifications WHERE person_id = ?1",
    "DELETE FROM notification_settings WHERE person_id = ?1",
    // Passkeys and identities go with it.
    "DELETE FROM accounts WHERE person_id = ?1",
];

/// An instance has an owner as long as it has accounts: the one that was made first.
const SUCCESSION: &str = "UPDATE accounts SET admin = 1
    WHERE NOT EXISTS (SELECT 1 FROM accounts WHERE admin = 1)
      AND person_id = (SELECT person_id FROM accounts ORDER BY created_at, person_id LIMIT 1)";

/// Deletes an account. If it owned the instance, the oldest of the others does now.
///
/// # Errors
/// When the database is out; then all of it is still there.
pub async fn delete(
    database: &dyn Database,
    person: PersonId,
    at: u64,
) -> Result<Deleted, StoreError> {
    let [noted, forgotten] = rechecks::of_ended(person, at);
    let mut statements = vec![
        Statement::new(
            "UPDATE notes SET trashed_at = ?2 WHERE owner_id = ?1 AND trashed_at IS NULL
             RETURNING id",
            [person.into(), at.into()],
        ),
        Statement::new(
            "UPDATE credentials SET label = '', ended_at = coalesce(ended_at, ?2)
             WHERE person_id = ?1",
            [person.into(), at.into()],
        ),
        noted,
        forgotten,
        rechecks::of_trashed(person, at),
        Statement::new(
            "UPDATE people SET name = 'Deleted account', seen_at = max(seen_at, ?2)
             WHERE id = ?1",
            [person.into(), at.into()],
        ),
    ];
    statements.extend(
        THEIRS
            .iter()
            .map(|sql| Statement::new(sql, [Value::from(person)])),
    );
    statements.push(Statement::new(SUCCESSION, Vec::new()));
    let results = database.batch(statements).await?;
    let [notes, _, keys, ..] = results.as_slice() else {
        return Err(StoreError::BadRow("id"));
    };
    Ok(Deleted {
        notes: notes
            .iter()
            .map(|row| NoteId::from_column(row.text("id")?, "id"))
            .collect::<Result<_, _>>()?,
        keys: rechecks::keys(keys)?,
    })
}
