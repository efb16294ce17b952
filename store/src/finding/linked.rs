//! Which notes link to a note: as far as who asks finds them, so that nobody learns
//! of a note they may not open.

use super::{Finder, sql, who};
use crate::database::{Database, Row, Statement, StoreError};
use crate::ids::NoteId;

/// Most notes that are listed under one.
const LISTED_LINKS: u64 = 50;

/// A note that links to another.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LinkingNote {
    /// Which note.
    pub id: NoteId,
    /// Title as shown.
    pub title: String,
    /// First words of its text.
    pub excerpt: String,
}

/// Finds the notes that link to one by its title, what changed last first. Whether
/// the one itself may be seen is the caller's to know.
///
/// # Errors
/// When the database is out.
pub async fn linked(
    database: &dyn Database,
    finder: &Finder,
    note: NoteId,
) -> Result<Vec<LinkingNote>, StoreError> {
    let mut params = who(finder);
    params.extend([note.into(), LISTED_LINKS.into()]);
    let rows = database.query(Statement::new(sql::LINKED, params)).await?;
    rows.iter().map(linking).collect()
}

fn linking(row: &Row) -> Result<LinkingNote, StoreError> {
    Ok(LinkingNote {
        id: NoteId::from_column(row.text("id")?, "id")?,
        title: row.text("title")?.to_owned(),
        excerpt: row.text("excerpt")?.to_owned(),
    })
}
