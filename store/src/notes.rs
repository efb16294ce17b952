//! Notes: whose they are, to whom they are open, and their index entries.

mod here;
mod links;
mod owned;
mod trash;

pub use here::here;
pub use owned::{Owned, count_owned, owned};
pub use trash::{
    TRASH_DAYS, TRASH_MS, delete_for_good, erase_later, erased, purge_trash, restore, to_erase,
    trash,
};

use crate::access::GeneralAccess;
use crate::database::{Database, Row, Statement, StoreError, Value};
use crate::ids::{NoteId, PersonId};
use crate::people::{self, Writer};

/// What the rules need to know of a note.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NoteRecord {
    /// Which note.
    pub id: NoteId,
    /// Whose it is; a note made without a session has nobody yet.
    pub owner: Option<PersonId>,
    /// Hash of the token that acts for the owner.
    pub owner_token_hash: Option<String>,
    /// What those may do who have no right of their own.
    pub general: GeneralAccess,
    /// Title as shown; empty until the first index entry.
    pub title: String,
    /// When it was made, milliseconds of the epoch.
    pub created_at: u64,
    /// When it went to the trash, if it is there.
    pub trashed_at: Option<u64>,
}

/// A note to be made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewNote {
    /// Which note.
    pub id: NoteId,
    /// Hash of the token that acts for the owner, if one was given out.
    pub owner_token_hash: Option<String>,
    /// What those may do who have no right of their own.
    pub general: GeneralAccess,
    /// Title as shown, so that a note has it before its room's first index entry;
    /// empty for an empty note.
    pub title: String,
    /// First words of the text.
    pub excerpt: String,
    /// Now, milliseconds of the epoch.
    pub at: u64,
}

/// A note in a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Card {
    /// Which note.
    pub id: NoteId,
    /// Title as shown; empty until the first index entry.
    pub title: String,
    /// First words of the text.
    pub excerpt: String,
    /// Last change, milliseconds of the epoch.
    pub updated_at: u64,
    /// Whether the person asked about owns it.
    pub owned: bool,
}

/// A note as its room knew it at one version.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct IndexEntry {
    /// Which note.
    pub id: NoteId,
    /// Version of the note this was read at.
    pub version: u64,
    /// Title as shown.
    pub title: String,
    /// First words of the text.
    pub excerpt: String,
    /// The text, as it is searched: without what the note says of itself.
    pub text: String,
    /// When, milliseconds of the epoch.
    pub at: u64,
    /// The tags it gives itself.
    pub tags: Vec<String>,
    /// The titles it links to.
    pub links: Vec<String>,
    /// Who wrote since the last entry.
    pub writers: Vec<Writer>,
}

/// Makes a note. With an owner their person is kept as well, for it is a write.
///
/// # Errors
/// [`StoreError::Conflict`] when there is a note of this id already, or was and is not
/// erased yet: what was written in it would be the new one's.
pub async fn create(
    database: &dyn Database,
    note: &NewNote,
    owner: Option<&Writer>,
) -> Result<(), StoreError> {
    let insert = Statement::new(
        "INSERT INTO notes
           (id, owner_id, owner_token_hash, access, title, excerpt, created_at, updated_at,
            audience, general_role)
         SELECT ?1, ?2, ?3, ?4, ?5, ?6, ?7, ?7, ?8, ?9
         WHERE NOT EXISTS (SELECT 1 FROM erasures WHERE note_id = ?1)
         ON CONFLICT (id) DO NOTHING RETURNING id",
        [
            note.id.into(),
            owner.map(|owner| owner.person).into(),
            note.owner_token_hash.as_deref().into(),
            note.general.one_word().into(),
            note.title.as_str().into(),
            note.excerpt.as_str().into(),
            note.at.into(),
            note.general.audience.as_str().into(),
            note.general.role.as_str().into(),
        ],
    );
    let mut statements = owner.map(people::keep).unwrap_or_default();
    statements.push(insert);
    let results = database.batch(statements).await?;
    match results.last() {
        Some(made) if !made.is_empty() => Ok(()),
        _ => Err(StoreError::Conflict),
    }
}

/// Finds what the rules need to know of a note. What is in the trash is found
/// too: only [`crate::role_for`] decides who may see it.
///
/// # Errors
/// When the database is out.
pub async fn find(database: &dyn Database, id: NoteId) -> Result<Option<NoteRecord>, StoreError> {
    let rows = database
        .query(Statement::new(
            "SELECT id, owner_id, owner_token_hash, access, audience, general_role, title,
               created_at, trashed_at
             FROM notes WHERE id = ?1",
            [Value::from(id)],
        ))
        .await?;
    rows.first().map(record).transpose()
}

/// Lists the notes a person owns or wrote in and may still open, newest first.
///
/// # Errors
/// When the database is out.
pub async fn of_person(
    database: &dyn Database,
    person: PersonId,
    limit: u64,
) -> Result<Vec<Card>, StoreError> {
    let rows = database
        .query(Statement::new(
            "SELECT id, title, excerpt, updated_at, owner_id IS ?1 AS owned FROM notes
             WHERE trashed_at IS NULL AND (access <> 'none' OR owner_id = ?1) AND id IN
               (SELECT id FROM notes WHERE owner_id = ?1
                UNION SELECT note_id FROM note_people WHERE person_id = ?1)
             ORDER BY updated_at DESC, id LIMIT ?2",
            [person.into(), limit.into()],
        ))
        .await?;
    rows.iter().map(card).collect()
}

/// Writes an index entry and who wrote. An older version never overwrites a
/// newer one; a note whose row is gone stays gone.
///
/// # Errors
/// When the database is out; then nothing of the entry is kept.
pub async fn index(database: &dyn Database, entry: &IndexEntry) -> Result<(), StoreError> {
    let size = u64::try_from(entry.text.len()).unwrap_or(u64::MAX);
    let mut statements = vec![Statement::new(
        "UPDATE notes SET title = ?2, excerpt = ?3, body = ?4, size = ?5, version = ?6, updated_at = ?7
         WHERE id = ?1 AND version <= ?6",
        [
            entry.id.into(),
            entry.title.as_str().into(),
            entry.excerpt.as_str().into(),
            entry.text.as_str().into(),
            size.into(),
            entry.version.into(),
            entry.at.into(),
        ],
    )];
    statements.extend(keep_tags(entry));
    statements.extend(links::keep_links(entry));
    for writer in &entry.writers {
        statements.extend(people::keep(writer));
        statements.push(people::keep_writing(entry.id, writer));
    }
    database.batch(statements).await?;
    Ok(())
}

/// Takes back a note whose text could not be stored when it was made.
///
/// # Errors
/// When the database is out.
pub async fn unmake(database: &dyn Database, id: NoteId) -> Result<(), StoreError> {
    let sql = "DELETE FROM notes WHERE id = ?1 AND version = 0";
    database
        .query(Statement::new(sql, [Value::from(id)]))
        .await?;
    Ok(())
}

/// Asks the database for a sign of life.
///
/// # Errors
/// When the database is out.
pub async fn ping(database: &dyn Database) -> Result<(), StoreError> {
    database
        .query(Statement::new("SELECT 1 AS alive", []))
        .await?;
    Ok(())
}

/// Makes a note's tags those of its entry, if the entry was written. What stays
/// as it was costs no row.
fn keep_tags(entry: &IndexEntry) -> [Statement; 2] {
    let tags = serde_json::Value::from(entry.tags.clone()).to_string();
    let params = || {
        [
            entry.id.into(),
            entry.version.into(),
            Value::from(tags.as_str()),
        ]
    };
    [
        Statement::new(
            "DELETE FROM note_tags WHERE note_id = ?1
               AND EXISTS (SELECT 1 FROM notes WHERE id = ?1 AND version = ?2)
               AND tag NOT IN (SELECT value FROM json_each(?3))",
            params(),
        ),
        Statement::new(
            "INSERT INTO note_tags (note_id, tag)
             SELECT n.id, j.value FROM notes n, json_each(?3) j
             WHERE n.id = ?1 AND n.version = ?2
             ON CONFLICT (note_id, tag) DO NOTHING",
            params(),
        ),
    ]
}

pub(crate) fn record(row: &Row) -> Result<NoteRecord, StoreError> {
    Ok(NoteRecord {
        id: NoteId::from_column(row.text("id")?, "id")?,
        owner: row
            .optional_text("owner_id")?
            .map(|id| PersonId::from_column(id, "owner_id"))
            .transpose()?,
        owner_token_hash: row.optional_text("owner_token_hash")?.map(str::to_owned),
        general: GeneralAccess::from_columns(
            row.optional_text("audience")?,
            row.optional_text("general_role")?,
            row.text("access")?,
        )?,
        title: row.text("title")?.to_owned(),
        created_at: row.number("created_at")?,
        trashed_at: row.optional_number("trashed_at")?,
    })
}

fn card(row: &Row) -> Result<Card, StoreError> {
    Ok(Card {
        id: NoteId::from_column(row.text("id")?, "id")?,
        title: row.text("title")?.to_owned(),
        excerpt: row.text("excerpt")?.to_owned(),
        updated_at: row.number("updated_at")?,
        owned: row.number("owned")? == 1,
    })
}
