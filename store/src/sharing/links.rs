//! Capability links: whoever has the token has the role, until the link is
//! revoked, has ended, or is used up.

use uuid::Uuid;

use crate::access::Role;
use crate::database::{Database, Row, Statement, StoreError, Value};
use crate::ids::{NoteId, PersonId};
use crate::people::{self, Writer};
use crate::rechecks;

/// Links that one note may have at a time.
pub const MAX_LINKS: u64 = 100;
/// Longest label, characters.
pub const MAX_LABEL_CHARS: usize = 80;
/// Names shown of those who came through a link.
const NAMES_SHOWN: usize = 20;

/// A link to be made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewLink {
    /// Which link.
    pub id: Uuid,
    /// To which note.
    pub note: NoteId,
    /// Hash of its token.
    pub token_hash: String,
    /// What it gives.
    pub role: Role,
    /// What its maker calls it; for an invitation, whom it is for.
    pub label: String,
    /// Whether who opens it is a member from then on.
    pub invitation: bool,
    /// Slow hash of its password, if it has one.
    pub password: Option<String>,
    /// How many people it lets in, if that is bounded.
    pub max_uses: Option<u64>,
    /// When it ends, if it does, milliseconds of the epoch.
    pub expires_at: Option<u64>,
    /// Now, milliseconds of the epoch.
    pub at: u64,
}

/// A link as it is kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LinkRecord {
    /// Which link.
    pub id: Uuid,
    /// To which note.
    pub note: NoteId,
    /// What it gives.
    pub role: Role,
    /// What its maker calls it.
    pub label: String,
    /// Whether who opens it is a member from then on.
    pub invitation: bool,
    /// Slow hash of its password, if it has one.
    pub password: Option<String>,
    /// How many people it lets in, if that is bounded.
    pub max_uses: Option<u64>,
    /// How many people it has let in.
    pub uses: u64,
    /// When it ends, if it does.
    pub expires_at: Option<u64>,
    /// When it was last opened.
    pub used_at: Option<u64>,
    /// When it was made.
    pub created_at: u64,
    /// Names of those who came through it, the last first.
    pub people: Vec<String>,
}

impl LinkRecord {
    /// Whether it lets nobody new in any more.
    #[must_use]
    pub fn is_over(&self, now: u64) -> bool {
        let ended = self.expires_at.is_some_and(|ends| ends <= now);
        ended || self.max_uses.is_some_and(|most| self.uses >= most)
    }

    /// Whether opening it takes more than an address: what only looks at links
    /// must not spend one, and cannot know a password.
    #[must_use]
    pub fn wants_a_button(&self) -> bool {
        self.password.is_some() || self.max_uses.is_some()
    }
}

/// Makes a link.
///
/// # Errors
/// [`StoreError::Conflict`] when the note has [`MAX_LINKS`] already.
pub async fn create(database: &dyn Database, link: &NewLink) -> Result<(), StoreError> {
    let rows = database
        .query(Statement::new(
            "INSERT INTO share_links (id, note_id, token_hash, role, label, invitation, password,
               max_uses, expires_at, created_at)
             SELECT ?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10
             WHERE (SELECT count(*) FROM share_links WHERE note_id = ?2 AND revoked_at IS NULL) < ?11
             RETURNING id",
            [
                link.id.to_string().into(),
                link.note.into(),
                link.token_hash.as_str().into(),
                link.role.as_str().into(),
                link.label.as_str().into(),
                u64::from(link.invitation).into(),
                link.password.as_deref().into(),
                link.max_uses.into(),
                link.expires_at.into(),
                link.at.into(),
                MAX_LINKS.into(),
            ],
        ))
        .await?;
    if rows.is_empty() {
        return Err(StoreError::Conflict);
    }
    Ok(())
}

/// Lists the links of a note that were not revoked, the oldest first.
///
/// # Errors
/// When the database is out.
pub async fn of(database: &dyn Database, note: NoteId) -> Result<Vec<LinkRecord>, StoreError> {
    let rows = database
        .query(Statement::new(
            "SELECT *, (SELECT json_group_array(name) FROM (
                 SELECT name FROM link_people WHERE link_id = share_links.id
                 ORDER BY at DESC LIMIT ?2)) AS people
             FROM share_links WHERE note_id = ?1 AND revoked_at IS NULL
             ORDER BY created_at, id",
            [note.into(), (NAMES_SHOWN as u64).into()],
        ))
        .await?;
    rows.iter().map(record).collect()
}

/// Finds a link that was not revoked, of a note that is not in the trash.
///
/// # Errors
/// When the database is out.
pub async fn find(
    database: &dyn Database,
    token_hash: &str,
) -> Result<Option<LinkRecord>, StoreError> {
    let rows = database
        .query(Statement::new(
            "SELECT share_links.*, '[]' AS people
             FROM share_links JOIN notes ON notes.id = note_id
             WHERE token_hash = ?1 AND revoked_at IS NULL AND trashed_at IS NULL",
            [Value::from(token_hash)],
        ))
        .await?;
    rows.first().map(record).transpose()
}

/// Whether somebody came through a link before, and it still lets them in.
///
/// # Errors
/// When the database is out.
pub async fn knows(
    database: &dyn Database,
    link: Uuid,
    person: PersonId,
    now: u64,
) -> Result<bool, StoreError> {
    let rows = database
        .query(Statement::new(
            "SELECT 1 AS known FROM link_people JOIN share_links ON id = link_id
             WHERE link_id = ?1 AND person_id = ?2 AND revoked_at IS NULL
               AND (expires_at IS NULL OR expires_at > ?3)",
            [link.to_string().into(), person.into(), now.into()],
        ))
        .await?;
    Ok(!rows.is_empty())
}

/// Lets somebody in by a link, once: who came through it before spends nothing.
/// Says whether they are in. Whether they knew the password is the caller's to
/// find out.
///
/// # Errors
/// When the database is out.
pub async fn redeem(
    database: &dyn Database,
    link: &LinkRecord,
    who: &Writer,
) -> Result<bool, StoreError> {
    let id = link.id.to_string();
    // A trigger counts the use with the row; a link that is used up meanwhile has
    // none left to insert by.
    let come = Statement::new(
        "INSERT INTO link_people (person_id, link_id, name, colour, at)
         SELECT ?2, id, ?3, ?4, ?5 FROM share_links
         WHERE id = ?1 AND revoked_at IS NULL AND (expires_at IS NULL OR expires_at > ?5)
           AND (max_uses IS NULL OR uses < max_uses)
         ON CONFLICT (person_id, link_id) DO NOTHING",
        [
            id.as_str().into(),
            who.person.into(),
            who.name.as_str().into(),
            u64::from(who.colour).into(),
            who.at.into(),
        ],
    );
    let seen = Statement::new(
        "UPDATE share_links SET used_at = ?3 WHERE id = ?1 AND revoked_at IS NULL
           AND (expires_at IS NULL OR expires_at > ?3)
           AND EXISTS (SELECT 1 FROM link_people WHERE link_id = ?1 AND person_id = ?2)
         RETURNING id",
        [id.as_str().into(), who.person.into(), who.at.into()],
    );
    let mut statements = vec![come, seen];
    if link.invitation {
        statements.extend(people::keep_if_new(who));
        statements.push(Statement::new(
            "INSERT INTO note_members (note_id, person_id, role, added_at)
             SELECT note_id, person_id, role, ?3
             FROM share_links JOIN link_people ON link_id = id
             WHERE id = ?1 AND person_id = ?2 AND revoked_at IS NULL
               AND (expires_at IS NULL OR expires_at > ?3)
               AND NOT EXISTS (SELECT 1 FROM notes
                 WHERE notes.id = note_id AND owner_id = person_id)
             ON CONFLICT (person_id, note_id) DO NOTHING",
            [id.as_str().into(), who.person.into(), who.at.into()],
        ));
    }
    statements.push(super::requests::forget(link.note, who.person));
    let results = database.batch(statements).await?;
    Ok(results.get(1).is_some_and(|seen| !seen.is_empty()))
}

/// Revokes a link of a note. Says whether there was one.
///
/// # Errors
/// When the database is out.
pub async fn revoke(
    database: &dyn Database,
    note: NoteId,
    link: Uuid,
    at: u64,
) -> Result<bool, StoreError> {
    let revoked = Statement::new(
        "UPDATE share_links SET revoked_at = ?3
         WHERE id = ?1 AND note_id = ?2 AND revoked_at IS NULL RETURNING id",
        [link.to_string().into(), note.into(), at.into()],
    );
    let statements = vec![revoked, rechecks::of_note(note, at)];
    let results = database.batch(statements).await?;
    Ok(results.first().is_some_and(|revoked| !revoked.is_empty()))
}

fn record(row: &Row) -> Result<LinkRecord, StoreError> {
    let people: Vec<String> = serde_json::from_str(row.text("people")?)
        .map_err(|_no_list| StoreError::BadRow("people"))?;
    Ok(LinkRecord {
        id: Uuid::try_parse(row.text("id")?).map_err(|_no_uuid| StoreError::BadRow("id"))?,
        note: NoteId::from_column(row.text("note_id")?, "note_id")?,
        role: Role::from_column(row.text("role")?, "role")?,
        label: row.text("label")?.to_owned(),
        invitation: row.number("invitation")? == 1,
        password: row.optional_text("password")?.map(str::to_owned),
        max_uses: row.optional_number("max_uses")?,
        uses: row.number("uses")?,
        expires_at: row.optional_number("expires_at")?,
        used_at: row.optional_number("used_at")?,
        created_at: row.number("created_at")?,
        people,
    })
}
