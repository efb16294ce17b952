//! Rooms that are still to look at who is in them. Whatever takes a right away notes
//! here, in the same transaction, in whose rooms; what tells these takes the note away
//! again, and where it fails the clock tells them.

use crate::database::{Database, Row, Statement, StoreError, Value};
use crate::ids::{NoteId, PersonId};

/// Most rooms that are told in one turn, by a request or by the clock: each takes a
/// request to an object, of which the platform lets a turn make a thousand.
pub const AT_ONCE: usize = 300;

/// Rooms were told of all that had ended by a time. What ended since is still to be told,
/// and has a later time, whatever the clock said when it was asked for.
///
/// # Errors
/// When the database is out; then they are told once more.
pub async fn told(database: &dyn Database, keys: &[String], by: u64) -> Result<(), StoreError> {
    let sql = "DELETE FROM rechecks
         WHERE key IN (SELECT value FROM json_each(?1)) AND at <= ?2";
    let keys = serde_json::Value::from(keys).to_string();
    database
        .query(Statement::new(sql, [keys.into(), by.into()]))
        .await
        .map(drop)
}

/// Rooms that are to be told now, some of them: those that wait longest, which wait
/// behind the others from now on.
///
/// # Errors
/// When the database is out.
pub async fn due(database: &dyn Database, at: u64) -> Result<Vec<String>, StoreError> {
    let sql = "UPDATE rechecks SET at = ?1
         WHERE key IN (SELECT key FROM rechecks ORDER BY at LIMIT ?2) RETURNING key";
    let params = [at.into(), Value::from(AT_ONCE as u64)];
    keys(&database.query(Statement::new(sql, params)).await?)
}

/// Notes a note's rooms: its own, and that of its chat.
pub(crate) fn of_note(note: NoteId, at: u64) -> Statement {
    Statement::new(
        "INSERT INTO rechecks (key, at)
         VALUES ('/note/' || ?1, ?2), ('/chat/note-' || ?1, ?2)
         ON CONFLICT (key) DO UPDATE SET at = max(at + 1, excluded.at)",
        [note.into(), at.into()],
    )
}

/// The same for the notes of somebody that went to the trash at that time.
pub(crate) fn of_trashed(owner: PersonId, at: u64) -> Statement {
    Statement::new(
        "INSERT INTO rechecks (key, at)
         SELECT '/note/' || id, ?2 FROM notes WHERE owner_id = ?1 AND trashed_at = ?2
         UNION ALL
         SELECT '/chat/note-' || id, ?2 FROM notes WHERE owner_id = ?1 AND trashed_at = ?2
         ON CONFLICT (key) DO UPDATE SET at = max(at + 1, excluded.at)",
        [owner.into(), at.into()],
    )
}

/// Notes the rooms where sessions of somebody that ended have sockets, and says which
/// these are, the last joined first; then forgets where that was.
pub(crate) fn of_ended(person: PersonId, at: u64) -> [Statement; 2] {
    [
        Statement::new(
            "INSERT INTO rechecks (key, at)
             SELECT key, ?2 FROM session_keys WHERE token_hash IN
               (SELECT token_hash FROM credentials WHERE person_id = ?1 AND ended_at IS NOT NULL)
             GROUP BY key ORDER BY max(joined_at) DESC
             ON CONFLICT (key) DO UPDATE SET at = max(at + 1, excluded.at)
             RETURNING key",
            [person.into(), at.into()],
        ),
        Statement::new(
            "DELETE FROM session_keys WHERE token_hash IN
               (SELECT token_hash FROM credentials WHERE person_id = ?1 AND ended_at IS NOT NULL)",
            [Value::from(person)],
        ),
    ]
}

/// The same for one token.
pub(crate) fn of_token(token_hash: &str, at: u64) -> [Statement; 2] {
    [
        Statement::new(
            "INSERT INTO rechecks (key, at)
             SELECT key, ?2 FROM session_keys WHERE token_hash = ?1 ORDER BY joined_at DESC
             ON CONFLICT (key) DO UPDATE SET at = max(at + 1, excluded.at)
             RETURNING key",
            [Value::from(token_hash), at.into()],
        ),
        Statement::new(
            "DELETE FROM session_keys WHERE token_hash = ?1",
            [Value::from(token_hash)],
        ),
    ]
}

/// The keys that one of these said.
pub(crate) fn keys(rows: &[Row]) -> Result<Vec<String>, StoreError> {
    rows.iter()
        .map(|row| row.text("key").map(str::to_owned))
        .collect()
}
