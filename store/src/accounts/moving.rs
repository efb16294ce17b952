//! What a guest owns, wrote and was told becomes an account's. Where both have
//! the same, the stronger right and the later time stay.

use crate::database::{Statement, Value};
use crate::ids::PersonId;

/// `?1` is the guest, `?2` the account.
const MOVES: [&str; 18] = [
    "UPDATE notes SET owner_id = ?2 WHERE owner_id = ?1",
    "UPDATE rooms SET owner_id = ?2 WHERE owner_id = ?1",
    "INSERT INTO note_people (note_id, person_id, edited_at)
     SELECT note_id, ?2, edited_at FROM note_people WHERE person_id = ?1
     ON CONFLICT (note_id, person_id) DO UPDATE
     SET edited_at = max(edited_at, excluded.edited_at)",
    "DELETE FROM note_people WHERE person_id = ?1 AND person_id <> ?2",
    "INSERT INTO room_people (room, person_id, seen_at)
     SELECT room, ?2, seen_at FROM room_people WHERE person_id = ?1
     ON CONFLICT (person_id, room) DO UPDATE SET seen_at = max(seen_at, excluded.seen_at)",
    "DELETE FROM room_people WHERE person_id = ?1 AND person_id <> ?2",
    // The words of the roles in the order of what they allow.
    "INSERT INTO note_members (note_id, person_id, role, added_at)
     SELECT note_id, ?2, role, added_at FROM note_members WHERE person_id = ?1
     ON CONFLICT (person_id, note_id) DO UPDATE SET role = excluded.role
     WHERE instr('view comment suggest edit', excluded.role)
         > instr('view comment suggest edit', note_members.role)",
    "DELETE FROM note_members WHERE person_id = ?1 AND person_id <> ?2",
    // The owner of a note is none of its members.
    "DELETE FROM note_members
     WHERE person_id = ?2 AND note_id IN (SELECT id FROM notes WHERE owner_id = ?2)",
    // The row stays the one it is: another would count as one more use of the link.
    "UPDATE OR IGNORE link_people SET person_id = ?2 WHERE person_id = ?1",
    "DELETE FROM link_people WHERE person_id = ?1 AND person_id <> ?2",
    "UPDATE OR IGNORE pins SET person_id = ?2 WHERE person_id = ?1",
    "DELETE FROM pins WHERE person_id = ?1 AND person_id <> ?2",
    "UPDATE OR IGNORE notifications SET person_id = ?2 WHERE person_id = ?1",
    "DELETE FROM notifications WHERE person_id = ?1 AND person_id <> ?2",
    "UPDATE OR IGNORE access_requests SET person_id = ?2 WHERE person_id = ?1",
    "DELETE FROM access_requests WHERE person_id = ?1 AND person_id <> ?2",
    // What the account wants to be told is the account's to say.
    "DELETE FROM notification_settings WHERE person_id = ?1 AND person_id <> ?2",
];

/// Everything of a guest goes to an account.
pub(super) fn move_all(guest: PersonId, account: PersonId) -> Vec<Statement> {
    let people = [Value::from(guest), account.into()];
    MOVES
        .iter()
        .map(|sql| Statement::new(sql, people.clone()))
        .collect()
}
