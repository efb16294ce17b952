//! Published pages: the address under which anybody may read a note, and what the
//! page shows. Who reads it learns nothing else of the note, its id least of all.
//! Whether somebody may publish a note is [`crate::role_for`]'s to say, before
//! anything here is called.

use std::fmt;

use uuid::Uuid;

use crate::database::{Database, Row, Statement, StoreError, Value};
use crate::ids::NoteId;
use crate::rechecks;

/// Longest address of a page, in characters; all of it `a-z 0-9 -`.
pub const MAX_SLUG_CHARS: usize = 64;

/// What no page is called: it would look like a place of the instance's own.
const RESERVED: [&str; 22] = [
    "about", "account", "admin", "api", "chat", "edit", "feed", "go", "help", "home", "login",
    "new", "note", "notes", "p", "pkg", "search", "settings", "sign-in", "sign-out", "slides",
    "user",
];

/// The address of a page, the part after `/p/`.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Slug(String);

/// Why an address is none.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SlugError {
    /// Nothing, or too much.
    #[error("An address has 1 to {MAX_SLUG_CHARS} characters.")]
    Length,
    /// Something that addresses do not have.
    #[error("An address has only lowercase letters a to z, digits and dashes.")]
    Characters,
    /// A name of the instance's own.
    #[error("That address is reserved. Choose another.")]
    Reserved,
    /// An id, perhaps the note's own: it would give away what a page keeps back.
    #[error("An address that is an id tells too much. Choose a word.")]
    Id,
}

impl Slug {
    /// Reads an address as somebody chose it.
    ///
    /// # Errors
    /// What is wrong with it, in a sentence.
    pub fn choose(text: &str) -> Result<Self, SlugError> {
        let slug = Self::find(text)?;
        if RESERVED.contains(&text) {
            return Err(SlugError::Reserved);
        }
        if Uuid::try_parse(text).is_ok() {
            return Err(SlugError::Id);
        }
        Ok(slug)
    }

    /// Reads an address in a path: what has another form is looked up nowhere.
    ///
    /// # Errors
    /// [`SlugError::Length`] and [`SlugError::Characters`].
    pub fn find(text: &str) -> Result<Self, SlugError> {
        if !text
            .chars()
            .all(|c| matches!(c, 'a'..='z' | '0'..='9' | '-'))
        {
            return Err(SlugError::Characters);
        }
        if !(1..=MAX_SLUG_CHARS).contains(&text.len()) {
            return Err(SlugError::Length);
        }
        Ok(Self(text.to_owned()))
    }

    /// An address for a title, as far as it has letters for one; empty else.
    #[must_use]
    pub fn suggestion(title: &str) -> String {
        let lower = title.to_lowercase();
        let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit();
        let words: Vec<_> = lower
            .split(|c| !plain(c))
            .filter(|word| !word.is_empty())
            .collect();
        let mut slug = words.join("-");
        slug.truncate(MAX_SLUG_CHARS);
        let slug = slug.trim_end_matches('-');
        Self::choose(slug).map_or_else(|_| String::new(), |slug| slug.0)
    }

    /// The part after `/p/`.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Slug {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// How a note is published.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Publication {
    /// Under which address.
    pub slug: Slug,
    /// Whether search engines may list it.
    pub listed: bool,
    /// Whether it says whose it is.
    pub author: bool,
    /// Whether it has a list of its headings.
    pub contents: bool,
}

/// A page as it is found under its address.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Page {
    /// The note behind it. It is for the server alone.
    pub note: NoteId,
    /// How it is published.
    pub publication: Publication,
    /// Its owner's name, where the page says it and there is one.
    pub author: Option<String>,
    /// When it was published, milliseconds of the epoch.
    pub published_at: u64,
    /// When the note last changed, by the index.
    pub updated_at: u64,
}

/// Publishes a note, or changes how it is. The address it had is free from then on.
///
/// # Errors
/// [`StoreError::Conflict`] when another note has the address; there may be no such
/// note, too, or it may be in the trash.
pub async fn publish(
    database: &dyn Database,
    note: NoteId,
    publication: &Publication,
    at: u64,
) -> Result<(), StoreError> {
    let publish = Statement::new(
        "INSERT INTO published (note_id, slug, listed, author, contents, published_at)
         SELECT id, ?2, ?3, ?4, ?5, ?6 FROM notes
         WHERE id = ?1 AND trashed_at IS NULL
           AND NOT EXISTS (SELECT 1 FROM published WHERE slug = ?2 AND note_id <> ?1)
         ON CONFLICT (note_id) DO UPDATE SET slug = excluded.slug,
           listed = excluded.listed, author = excluded.author, contents = excluded.contents
         RETURNING note_id",
        [
            note.into(),
            publication.slug.as_str().into(),
            i64::from(publication.listed).into(),
            i64::from(publication.author).into(),
            i64::from(publication.contents).into(),
            at.into(),
        ],
    );
    let statements = vec![publish, rechecks::of_note(note, at)];
    match database.batch(statements).await?.first() {
        Some(made) if !made.is_empty() => Ok(()),
        _ => Err(StoreError::Conflict),
    }
}

/// Takes a note's page down; its address is free.
///
/// # Errors
/// When the database is out.
pub async fn unpublish(database: &dyn Database, note: NoteId, at: u64) -> Result<(), StoreError> {
    let sql = "DELETE FROM published WHERE note_id = ?1";
    let gone = Statement::new(sql, [Value::from(note)]);
    let statements = vec![gone, rechecks::of_note(note, at)];
    database.batch(statements).await.map(drop)
}

/// How a note is published, if it is.
///
/// # Errors
/// When the database is out.
pub async fn of(database: &dyn Database, note: NoteId) -> Result<Option<Publication>, StoreError> {
    let sql = "SELECT slug, listed, author, contents FROM published WHERE note_id = ?1";
    let rows = database
        .query(Statement::new(sql, [Value::from(note)]))
        .await?;
    rows.first().map(publication).transpose()
}

/// Finds what is published under an address; nothing for a note in the trash.
///
/// # Errors
/// When the database is out.
pub async fn find(database: &dyn Database, slug: &Slug) -> Result<Option<Page>, StoreError> {
    let rows = database
        .query(Statement::new(
            "SELECT note_id, slug, listed, author, contents, published_at, updated_at, name
             FROM published JOIN notes ON notes.id = note_id
             LEFT JOIN people ON people.id = owner_id AND author = 1
             WHERE slug = ?1 AND trashed_at IS NULL",
            [slug.as_str().into()],
        ))
        .await?;
    rows.first().map(page).transpose()
}

fn page(row: &Row) -> Result<Page, StoreError> {
    Ok(Page {
        note: NoteId::from_column(row.text("note_id")?, "note_id")?,
        publication: publication(row)?,
        author: row.optional_text("name")?.map(str::to_owned),
        published_at: row.number("published_at")?,
        updated_at: row.number("updated_at")?,
    })
}

fn publication(row: &Row) -> Result<Publication, StoreError> {
    Ok(Publication {
        slug: Slug(row.text("slug")?.to_owned()),
        listed: row.number("listed")? == 1,
        author: row.number("author")? == 1,
        contents: row.number("contents")? == 1,
    })
}
