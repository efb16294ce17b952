//! Notifications: what one person is told, once for one cause, and which kinds
//! they want to be told.

mod kinds;

pub use kinds::{KINDS, Kind, Tab};

use crate::database::{Database, Row, Statement, StoreError, Value};
use crate::ids::PersonId;

/// How many are listed at once: in the bell, and on a page of them.
pub const LISTED: u64 = 50;

/// One thing to tell one person.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewNotification {
    /// Whom.
    pub person: PersonId,
    /// Name of its kind in [`KINDS`].
    pub kind: String,
    /// What it is about, such that a retry names the same.
    pub cause: String,
    /// Who caused it.
    pub by: By,
    /// Where to go: a path of this instance, with a fragment.
    pub place: String,
    /// Title of the note or room as shown.
    pub title: String,
    /// A few words of what was written.
    pub quote: String,
    /// When, milliseconds of the epoch.
    pub at: u64,
}

/// Who caused a notification, as they were then.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct By {
    /// Who.
    pub person: PersonId,
    /// Name as chosen.
    pub name: String,
    /// Colour as an index of the palette.
    pub colour: u8,
}

/// A notification as it is kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NotificationRecord {
    /// Number of its row: a higher one is newer.
    pub id: u64,
    /// What and where.
    pub what: NewNotification,
    /// Whether it was read.
    pub read: bool,
}

/// The newest notifications of somebody.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Inbox {
    /// How many are unread, those not listed included.
    pub unread: u64,
    /// Newest first, without those that were archived.
    pub newest: Vec<NotificationRecord>,
}

/// Which notifications something is done to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Chosen {
    /// All there are.
    All,
    /// Those of these numbers, as far as they are the person's own.
    These(Vec<u64>),
}

/// Keeps notifications, each once for its person, kind and cause, unless the
/// person wants none of the kind. Returns who has a new one by that.
///
/// # Errors
/// When the database is out; then none is kept.
pub async fn keep(
    database: &dyn Database,
    new: &[NewNotification],
) -> Result<Vec<PersonId>, StoreError> {
    if new.is_empty() {
        return Ok(Vec::new());
    }
    let results = database.batch(new.iter().map(insert).collect()).await?;
    let mut told: Vec<PersonId> = new
        .iter()
        .zip(results)
        .filter(|(_, inserted)| !inserted.is_empty())
        .map(|(notification, _)| notification.person)
        .collect();
    told.sort_unstable();
    told.dedup();
    Ok(told)
}

/// The newest notifications, of all tabs or of one; `before` a number of a row, those
/// that are older.
///
/// # Errors
/// When the database is out.
pub async fn inbox(
    database: &dyn Database,
    person: PersonId,
    tab: Option<Tab>,
    before: Option<u64>,
    limit: u64,
) -> Result<Inbox, StoreError> {
    let kinds: Option<Vec<&str>> = tab.map(|tab| tab.kinds().map(|kind| kind.name).collect());
    let list = Statement::new(
        "SELECT id, person_id, kind, cause, by_id, by_name, by_colour, place, title, quote, at, read_at
         FROM notifications WHERE person_id = ?1 AND archived_at IS NULL
           AND (?2 IS NULL OR kind IN (SELECT value FROM json_each(?2)))
           AND (?4 IS NULL OR id < ?4)
         ORDER BY id DESC LIMIT ?3",
        [
            person.into(),
            kinds.map(|kinds| json_list(&kinds)).transpose()?.into(),
            limit.into(),
            before.into(),
        ],
    );
    let count = Statement::new(
        "SELECT count(*) AS unread FROM notifications
         WHERE person_id = ?1 AND read_at IS NULL AND archived_at IS NULL",
        [Value::from(person)],
    );
    let results = database.batch(vec![count, list]).await?;
    let (Some(counted), Some(listed)) = (results.first().and_then(|r| r.first()), results.get(1))
    else {
        return Err(StoreError::BadRow("unread"));
    };
    Ok(Inbox {
        unread: counted.number("unread")?,
        newest: listed.iter().map(record).collect::<Result<_, _>>()?,
    })
}

/// Marks notifications of somebody as read.
///
/// # Errors
/// When the database is out.
pub async fn mark_read(
    database: &dyn Database,
    person: PersonId,
    which: &Chosen,
    at: u64,
) -> Result<(), StoreError> {
    let statement = Statement::new(
        "UPDATE notifications SET read_at = ?3
         WHERE person_id = ?1 AND read_at IS NULL
           AND (?2 IS NULL OR id IN (SELECT value FROM json_each(?2)))",
        [person.into(), which.to_value()?, at.into()],
    );
    database.query(statement).await.map(drop)
}

/// Puts notifications of somebody out of sight, which reads them too.
///
/// # Errors
/// When the database is out.
pub async fn archive(
    database: &dyn Database,
    person: PersonId,
    which: &Chosen,
    at: u64,
) -> Result<(), StoreError> {
    let statement = Statement::new(
        "UPDATE notifications SET archived_at = ?3, read_at = coalesce(read_at, ?3)
         WHERE person_id = ?1 AND archived_at IS NULL
           AND (?2 IS NULL OR id IN (SELECT value FROM json_each(?2)))",
        [person.into(), which.to_value()?, at.into()],
    );
    database.query(statement).await.map(drop)
}

/// Every kind, and whether somebody wants it in the bell.
///
/// # Errors
/// When the database is out.
pub async fn settings(
    database: &dyn Database,
    person: PersonId,
) -> Result<Vec<(&'static Kind, bool)>, StoreError> {
    let sql = "SELECT kind FROM notification_settings WHERE person_id = ?1 AND bell = 0";
    let rows = database
        .query(Statement::new(sql, [Value::from(person)]))
        .await?;
    let off: Vec<&str> = rows
        .iter()
        .map(|row| row.text("kind"))
        .collect::<Result<_, _>>()?;
    Ok(KINDS
        .iter()
        .map(|kind| (kind, !off.contains(&kind.name)))
        .collect())
}

/// Sets whether somebody wants a kind in the bell. What is there already stays.
///
/// # Errors
/// When the database is out.
pub async fn set_bell(
    database: &dyn Database,
    person: PersonId,
    kind: &Kind,
    bell: bool,
) -> Result<(), StoreError> {
    let statement = Statement::new(
        "INSERT INTO notification_settings (person_id, kind, bell) VALUES (?1, ?2, ?3)
         ON CONFLICT (person_id, kind) DO UPDATE SET bell = excluded.bell",
        [
            person.into(),
            kind.name.into(),
            Value::from(u64::from(bell)),
        ],
    );
    database.query(statement).await.map(drop)
}

impl Chosen {
    /// The numbers as SQL reads them, `NULL` for all.
    fn to_value(&self) -> Result<Value, StoreError> {
        match self {
            Self::All => Ok(Value::Null),
            Self::These(ids) => json_list(ids).map(Value::Text),
        }
    }
}

fn insert(new: &NewNotification) -> Statement {
    Statement::new(
        "INSERT INTO notifications
           (person_id, kind, cause, by_id, by_name, by_colour, place, title, quote, at)
         SELECT ?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10
         WHERE NOT EXISTS (SELECT 1 FROM notification_settings
           WHERE person_id = ?1 AND kind = ?2 AND bell = 0)
         ON CONFLICT (person_id, kind, cause) DO NOTHING RETURNING id",
        [
            new.person.into(),
            new.kind.as_str().into(),
            new.cause.as_str().into(),
            new.by.person.into(),
            new.by.name.as_str().into(),
            u64::from(new.by.colour).into(),
            new.place.as_str().into(),
            new.title.as_str().into(),
            new.quote.as_str().into(),
            new.at.into(),
        ],
    )
}

fn record(row: &Row) -> Result<NotificationRecord, StoreError> {
    let text = |column| row.text(column).map(str::to_owned);
    let by = By {
        person: PersonId::from_column(row.text("by_id")?, "by_id")?,
        name: text("by_name")?,
        colour: u8::try_from(row.number("by_colour")?).unwrap_or(0),
    };
    Ok(NotificationRecord {
        id: row.number("id")?,
        what: NewNotification {
            person: PersonId::from_column(row.text("person_id")?, "person_id")?,
            kind: text("kind")?,
            cause: text("cause")?,
            by,
            place: text("place")?,
            title: text("title")?,
            quote: text("quote")?,
            at: row.number("at")?,
        },
        read: row.optional_number("read_at")?.is_some(),
    })
}

/// A list as `json_each` takes it: one placeholder for any number of values.
fn json_list<T: serde::Serialize>(list: &[T]) -> Result<String, StoreError> {
    serde_json::to_string(list).map_err(|error| StoreError::Unavailable(error.to_string()))
}
