//! Announcements: what the instance's admin says to every open page. One holds at
//! a time; a new one takes the place of the one before.

use uuid::Uuid;

use crate::database::{Database, Row, Statement, StoreError, Value};

/// Longest text, in characters: a banner, not a letter.
pub const MAX_TEXT_CHARS: usize = 500;

/// Something said to everybody.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AnnouncementRecord {
    /// Which: a page that closed it does not show it again.
    pub id: Uuid,
    /// Plain text.
    pub text: String,
    /// When it was made, milliseconds of the epoch.
    pub at: u64,
    /// When it ends by itself, if it does.
    pub until: Option<u64>,
}

/// Says something to everybody, in place of what was said before.
///
/// # Errors
/// When the database is out; then nothing has changed.
pub async fn make(database: &dyn Database, new: &AnnouncementRecord) -> Result<(), StoreError> {
    let insert = Statement::new(
        "INSERT INTO announcements (id, text, at, until) VALUES (?1, ?2, ?3, ?4)",
        [
            new.id.hyphenated().to_string().into(),
            new.text.as_str().into(),
            new.at.into(),
            new.until.into(),
        ],
    );
    let statements = vec![end_all(new.at), insert];
    database.batch(statements).await.map(drop)
}

/// What is said to everybody at a time.
///
/// # Errors
/// When the database is out.
pub async fn current(
    database: &dyn Database,
    now: u64,
) -> Result<Option<AnnouncementRecord>, StoreError> {
    let rows = database
        .query(Statement::new(
            "SELECT id, text, at, until FROM announcements
             WHERE ended_at IS NULL AND (until IS NULL OR until > ?1) ORDER BY at DESC LIMIT 1",
            [Value::from(now)],
        ))
        .await?;
    rows.first().map(record).transpose()
}

/// Ends what is said to everybody; says whether there was something.
///
/// # Errors
/// When the database is out.
pub async fn end(database: &dyn Database, now: u64) -> Result<bool, StoreError> {
    let ended = database.query(end_all(now)).await?;
    Ok(!ended.is_empty())
}

/// Ends what is past its time; says whether there was something.
///
/// # Errors
/// When the database is out.
pub async fn end_due(database: &dyn Database, now: u64) -> Result<bool, StoreError> {
    let sql = "UPDATE announcements SET ended_at = ?1
               WHERE ended_at IS NULL AND until <= ?1 RETURNING id";
    let ended = database
        .query(Statement::new(sql, [Value::from(now)]))
        .await?;
    Ok(!ended.is_empty())
}

fn end_all(now: u64) -> Statement {
    Statement::new(
        "UPDATE announcements SET ended_at = ?1 WHERE ended_at IS NULL RETURNING id",
        [Value::from(now)],
    )
}

fn record(row: &Row) -> Result<AnnouncementRecord, StoreError> {
    let id = match Uuid::try_parse(row.text("id")?) {
        Ok(id) => id,
        Err(_not_a_uuid) => return Err(StoreError::BadRow("id")),
    };
    Ok(AnnouncementRecord {
        id,
        text: row.text("text")?.to_owned(),
        at: row.number("at")?,
        until: row.optional_number("until")?,
    })
}
