//! Chat rooms that somebody made: by which name, by whom, visited by whom. A
//! note's own room has no row here; it follows the note.

use crate::database::{Database, Row, Statement, StoreError, Value};
use crate::ids::PersonId;
use crate::people::{self, Writer};

/// Longest name, the same as in keys; all of it `a-z 0-9 -`.
pub const MAX_NAME_CHARS: usize = 64;
/// Longest title, in characters.
pub const MAX_TITLE_CHARS: usize = 100;

/// What names of notes' own rooms begin with.
const RESERVED: &str = "note-";
/// A visit is written down again after this time: reconnects are no visits.
const VISIT_EVERY_MS: u64 = 60_000;

/// A chat room.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RoomRecord {
    /// The last part of its path.
    pub name: String,
    /// As shown.
    pub title: String,
    /// Who made it and keeps order in it.
    pub owner: Option<PersonId>,
}

/// A chat room in a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RoomCard {
    /// The last part of its path.
    pub name: String,
    /// As shown.
    pub title: String,
    /// When the person asked about was last there, milliseconds of the epoch.
    pub seen_at: u64,
    /// Whether the person asked about made it.
    pub owned: bool,
}

/// Makes a chat room with its maker in it, under a name that is in use nowhere
/// (see [`name_from`]).
///
/// # Errors
/// [`StoreError::Conflict`] when the name is taken.
pub async fn create(
    database: &dyn Database,
    name: &str,
    title: &str,
    owner: &Writer,
) -> Result<(), StoreError> {
    let mut statements = people::keep(owner);
    statements.push(Statement::new(
        "INSERT INTO rooms (name, title, owner_id, created_at) VALUES (?1, ?2, ?3, ?4)
         ON CONFLICT (name) DO NOTHING RETURNING name",
        [
            name.into(),
            title.into(),
            owner.person.into(),
            owner.at.into(),
        ],
    ));
    let results = database.batch(statements).await?;
    match results.last() {
        Some(made) if !made.is_empty() => visit(database, name, owner).await,
        _ => Err(StoreError::Conflict),
    }
}

/// Finds a chat room.
///
/// # Errors
/// When the database is out.
pub async fn find(database: &dyn Database, name: &str) -> Result<Option<RoomRecord>, StoreError> {
    let sql = "SELECT name, title, owner_id FROM rooms WHERE name = ?1";
    let rows = database
        .query(Statement::new(sql, [Value::from(name)]))
        .await?;
    rows.first().map(record).transpose()
}

/// Keeps that somebody is in a room, with their latest name. Nothing happens for
/// a room without a row, nor for a visit within a minute of the last.
///
/// # Errors
/// When the database is out.
pub async fn visit(
    database: &dyn Database,
    name: &str,
    visitor: &Writer,
) -> Result<(), StoreError> {
    let mut statements = people::keep(visitor);
    statements.push(Statement::new(
        "INSERT INTO room_people (room, person_id, seen_at)
         SELECT name, ?2, ?3 FROM rooms WHERE name = ?1
         ON CONFLICT (person_id, room) DO UPDATE SET seen_at = excluded.seen_at
         WHERE excluded.seen_at >= seen_at + ?4",
        [
            name.into(),
            visitor.person.into(),
            visitor.at.into(),
            VISIT_EVERY_MS.into(),
        ],
    ));
    database.batch(statements).await.map(drop)
}

/// Lists the rooms somebody has been in, the last visited first.
///
/// # Errors
/// When the database is out.
pub async fn of_person(
    database: &dyn Database,
    person: PersonId,
    limit: u64,
) -> Result<Vec<RoomCard>, StoreError> {
    let rows = database
        .query(Statement::new(
            "SELECT name, title, seen_at, owner_id IS ?1 AS owned
             FROM room_people JOIN rooms ON name = room
             WHERE person_id = ?1 ORDER BY seen_at DESC, name LIMIT ?2",
            [person.into(), limit.into()],
        ))
        .await?;
    rows.iter().map(card).collect()
}

/// A title as it is kept: white space folded, nothing invisible, not too long.
/// None when nothing is left of it.
#[must_use]
pub fn clean_title(title: &str) -> Option<String> {
    let spaced = title.replace(char::is_whitespace, " ");
    let visible: String = spaced.chars().filter(|c| !c.is_control()).collect();
    let words: Vec<_> = visible.split(' ').filter(|word| !word.is_empty()).collect();
    let short: String = words.join(" ").chars().take(MAX_TITLE_CHARS).collect();
    let short = short.trim_end();
    (!short.is_empty()).then(|| short.to_owned())
}

/// The name for a title: its letters and digits as far as an address has them,
/// joined by hyphens. `ending` tells rooms of one title apart and may be empty.
#[must_use]
pub fn name_from(title: &str, ending: &str) -> String {
    let lower = title.to_lowercase();
    let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit();
    let words: Vec<_> = lower
        .split(|c| !plain(c))
        .filter(|word| !word.is_empty())
        .collect();
    let mut name = words.join("-");
    if name.is_empty() || name.starts_with(RESERVED) || name == "note" {
        // `note` and its ending would look like the room of a note.
        name.insert_str(0, if name.is_empty() { "room" } else { "room-" });
    }
    let room_left = MAX_NAME_CHARS.saturating_sub(ending.len().saturating_add(1));
    name.truncate(room_left);
    let name = name.trim_end_matches('-');
    if ending.is_empty() {
        name.to_owned()
    } else {
        format!("{name}-{ending}")
    }
}

fn record(row: &Row) -> Result<RoomRecord, StoreError> {
    Ok(RoomRecord {
        name: row.text("name")?.to_owned(),
        title: row.text("title")?.to_owned(),
        owner: row
            .optional_text("owner_id")?
            .map(|id| PersonId::from_column(id, "owner_id"))
            .transpose()?,
    })
}

fn card(row: &Row) -> Result<RoomCard, StoreError> {
    Ok(RoomCard {
        name: row.text("name")?.to_owned(),
        title: row.text("title")?.to_owned(),
        seen_at: row.number("seen_at")?,
        owned: row.number("owned")? == 1,
    })
}
