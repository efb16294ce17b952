//! Finding notes: lists of them and the search through their words, each with
//! nothing in it that its person may not open. Which notes those are is said in
//! one place, `sql.rs`.
//!
//! Results are in the order of a list, those with the words in their title first.
//! There is no score: one that counts how rare a word is would tell what stands
//! in notes that are not shared.

mod cursor;
mod linked;
mod marks;
mod snippet;
mod sql;
mod words;

pub use cursor::{BadCursor, Cursor};
pub use linked::{LinkingNote, linked};
pub use marks::{pin, unpin, visit};
pub use snippet::{Piece, html};
pub use words::{MAX_QUERY_CHARS, MAX_TERMS, Words};

use crate::database::{Database, Row, Statement, StoreError, Value};
use crate::ids::{NoteId, PersonId};
use cursor::Key;

/// Most tags that a list is offered to be filtered by.
const LISTED_TAGS: u64 = 40;
/// Most notes a page holds, however many are asked for.
pub const MAX_PAGE: u64 = 100;

/// Who looks for notes.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Finder {
    /// The person of the session, if the request may use one.
    pub person: Option<PersonId>,
    /// Hash of the token in their cookie; an ended one stands for nobody.
    pub credential: Option<String>,
    /// Hash of the bearer token, if one came along.
    pub bearer_hash: Option<String>,
    /// Now, milliseconds of the epoch: links end.
    pub at: u64,
}

/// A part of what somebody finds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Section {
    /// All of it but the trash.
    #[default]
    Recent,
    /// What they own.
    Mine,
    /// What others own.
    Shared,
    /// What they pinned.
    Pinned,
    /// What they own and threw away.
    Trash,
}

impl Section {
    /// Every section, in the order a page shows them.
    pub const ALL: [Self; 5] = [
        Self::Recent,
        Self::Pinned,
        Self::Mine,
        Self::Shared,
        Self::Trash,
    ];

    /// The word in addresses.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Recent => "recent",
            Self::Mine => "mine",
            Self::Shared => "shared",
            Self::Pinned => "pinned",
            Self::Trash => "trash",
        }
    }

    /// The section of a word in an address.
    #[must_use]
    pub fn find(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|it| it.as_str() == word)
    }
}

/// What a list is sorted by.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum SortBy {
    /// Last change.
    #[default]
    Updated,
    /// When it was made.
    Created,
    /// Its title.
    Title,
    /// When they were last there; for accounts.
    Visited,
}

impl SortBy {
    /// Every way to sort, in the order a page shows them.
    pub const ALL: [Self; 4] = [Self::Updated, Self::Created, Self::Title, Self::Visited];

    /// The word in addresses.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Updated => "updated",
            Self::Created => "created",
            Self::Title => "title",
            Self::Visited => "visited",
        }
    }

    /// The way to sort of a word in an address.
    #[must_use]
    pub fn find(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|it| it.as_str() == word)
    }
}

/// How a list is sorted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Order {
    /// By what.
    pub by: SortBy,
    /// Whether the newest, or the last letter, comes first.
    pub descending: bool,
}

impl Default for Order {
    fn default() -> Self {
        Self::of(SortBy::default())
    }
}

impl Order {
    /// The direction people expect: the newest first, titles from A on.
    #[must_use]
    pub fn of(by: SortBy) -> Self {
        Self {
            by,
            descending: by != SortBy::Title,
        }
    }
}

/// A page of a list that somebody wants.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Wanted {
    /// Of which part.
    pub section: Section,
    /// Only what has this tag.
    pub tag: Option<String>,
    /// Only what says this.
    pub words: Option<Words>,
    /// In which order.
    pub order: Order,
    /// After the page that ended there; one of another order counts for nothing.
    pub after: Option<Cursor>,
    /// How many.
    pub limit: u64,
}

/// A note in a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FoundNote {
    /// Which note.
    pub id: NoteId,
    /// Title as shown; empty until the first index entry.
    pub title: String,
    /// First words of the text.
    pub excerpt: String,
    /// The text around what was looked for; nothing where only the title has it.
    pub snippet: Vec<Piece>,
    /// Last change, milliseconds of the epoch.
    pub updated_at: u64,
    /// When it was made, milliseconds of the epoch.
    pub created_at: u64,
    /// When it went to the trash, if it is there.
    pub trashed_at: Option<u64>,
    /// Name of its owner; a note made without a session has nobody.
    pub owner: Option<String>,
    /// Name of who wrote last, as far as somebody did who is known.
    pub writer: Option<String>,
    /// Whether who asks owns it.
    pub owned: bool,
    /// Whether who asks pinned it.
    pub pinned: bool,
    /// How many people are in it now.
    pub here: u64,
    /// Its tags.
    pub tags: Vec<String>,
}

/// A page of a list.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Page {
    /// Its notes.
    pub notes: Vec<FoundNote>,
    /// Where the next page begins, if there is one.
    pub next: Option<Cursor>,
}

/// What stands around a list.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Overview {
    /// The tags of all the notes somebody finds, the most used first, with how
    /// many notes have them.
    pub tags: Vec<(String, u64)>,
    /// The sections that have something.
    pub sections: Vec<Section>,
    /// Whether who asks has an account, and so visits that were kept.
    pub account: bool,
}

/// Finds a page of notes.
///
/// # Errors
/// When the database is out.
pub async fn find(
    database: &dyn Database,
    finder: &Finder,
    wanted: &Wanted,
) -> Result<Page, StoreError> {
    let rows = database.query(page(finder, wanted)).await?;
    read_page(&rows, wanted)
}

/// Finds a page of notes, and what stands around the list, in one turn.
///
/// # Errors
/// When the database is out.
pub async fn home(
    database: &dyn Database,
    finder: &Finder,
    wanted: &Wanted,
) -> Result<(Page, Overview), StoreError> {
    let mut tags = who(finder);
    tags.push(LISTED_TAGS.into());
    let statements = vec![
        page(finder, wanted),
        Statement::new(sql::TAGS, tags),
        Statement::new(sql::SECTIONS, who(finder)),
    ];
    let results = database.batch(statements).await?;
    let [found, tags, sections] = results.as_slice() else {
        return Err(StoreError::BadRow("results"));
    };
    let tags: Result<_, StoreError> = tags
        .iter()
        .map(|row| Ok((row.text("tag")?.to_owned(), row.number("notes")?)))
        .collect();
    let overview = Overview {
        tags: tags?,
        sections: read_sections(sections.first())?,
        account: match sections.first() {
            Some(row) => row.number("account")? == 1,
            None => false,
        },
    };
    Ok((read_page(found, wanted)?, overview))
}

/// Finds the note that somebody means by a title: one of their own before one of
/// others, then the one that changed last.
///
/// # Errors
/// When the database is out.
pub async fn titled(
    database: &dyn Database,
    finder: &Finder,
    title: &str,
) -> Result<Option<NoteId>, StoreError> {
    let mut params = who(finder);
    params.push(title.into());
    let rows = database.query(Statement::new(sql::TITLED, params)).await?;
    let first = rows.first();
    first
        .map(|row| NoteId::from_column(row.text("id")?, "id"))
        .transpose()
}

/// The first four values of every statement in `sql.rs`.
fn who(finder: &Finder) -> Vec<Value> {
    vec![
        finder.person.into(),
        finder.at.into(),
        finder.bearer_hash.as_deref().into(),
        finder.credential.as_deref().into(),
    ]
}

fn page(finder: &Finder, wanted: &Wanted) -> Statement {
    let after = wanted.after.as_ref();
    let after = after.filter(|after| after.is_of(wanted.order));
    let words = wanted.words.as_ref();
    let mut params = who(finder);
    params.extend([
        words.map(Words::anywhere).into(),
        words.map(Words::in_title).into(),
        wanted.section.as_str().into(),
        wanted.tag.as_deref().into(),
        wanted.order.by.as_str().into(),
        after.map(|after| after.tier).into(),
        after.map_or(Value::Null, |after| Value::from(&after.key)),
        after.map(|after| after.id).into(),
        // One more says whether there is a next page.
        wanted.limit.clamp(1, MAX_PAGE).saturating_add(1).into(),
    ]);
    let sql = if wanted.order.descending {
        sql::DESCENDING
    } else {
        sql::ASCENDING
    };
    Statement::new(sql, params)
}

fn read_page(rows: &[Row], wanted: &Wanted) -> Result<Page, StoreError> {
    let limit = usize::try_from(wanted.limit.clamp(1, MAX_PAGE)).unwrap_or(usize::MAX);
    let notes: Result<Vec<_>, _> = rows.iter().take(limit).map(note).collect();
    let last = (rows.len() > limit).then(|| rows.get(limit.saturating_sub(1)));
    let next = last
        .flatten()
        .map(|row| end(row, wanted.order))
        .transpose()?;
    Ok(Page {
        notes: notes?,
        next,
    })
}

fn note(row: &Row) -> Result<FoundNote, StoreError> {
    let tags = row.optional_text("tags")?.unwrap_or_default();
    Ok(FoundNote {
        id: NoteId::from_column(row.text("id")?, "id")?,
        title: row.text("title")?.to_owned(),
        excerpt: row.text("excerpt")?.to_owned(),
        snippet: snippet::pieces(row.optional_text("snippet")?.unwrap_or_default()),
        updated_at: row.number("updated_at")?,
        created_at: row.number("created_at")?,
        trashed_at: row.optional_number("trashed_at")?,
        owner: row.optional_text("owner")?.map(str::to_owned),
        writer: row.optional_text("writer")?.map(str::to_owned),
        owned: row.number("owned")? == 1,
        pinned: row.number("pinned")? == 1,
        here: row.number("here")?,
        tags: tags.lines().map(str::to_owned).collect(),
    })
}

fn end(row: &Row, order: Order) -> Result<Cursor, StoreError> {
    let key = match order.by {
        SortBy::Title => Key::Title(row.text("sort_key")?.to_owned()),
        _ => Key::Time(row.number("sort_key")?),
    };
    Ok(Cursor {
        order,
        tier: row.number("tier")?,
        key,
        id: NoteId::from_column(row.text("id")?, "id")?,
    })
}

fn read_sections(row: Option<&Row>) -> Result<Vec<Section>, StoreError> {
    let Some(row) = row else {
        return Ok(Vec::new());
    };
    let mut sections = Vec::new();
    for (section, column) in [
        (Section::Pinned, "pinned"),
        (Section::Mine, "mine"),
        (Section::Shared, "shared"),
        (Section::Trash, "trash"),
    ] {
        if row.number(column)? > 0 {
            sections.push(section);
        }
    }
    Ok(sections)
}
