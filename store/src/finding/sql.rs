//! The SQL of lists, and in it the only place that says which notes somebody
//! finds. `?1` is who asks, `?2` the time, `?3` the hash of their bearer token, `?4`
//! the hash of what their cookie holds: an ended one stands for nobody.
//!
//! Who has a right finds the note: its owner, a member, whoever came through a
//! link that still holds. Who has none of these, and may come in like anybody,
//! finds it only after having been there: an open note is no public one.
//!
//! Joins are written as `CROSS JOIN`, which SQLite keeps in their order: from what is
//! somebody's own to the rest, whatever it takes the sizes of tables to be.

/// What holds for a row of `notes n` that somebody finds, in the trash or not.
macro_rules! is_found {
    () => {
        "n.id IN (
           SELECT id FROM notes WHERE owner_id = ?1
           UNION ALL SELECT id FROM notes WHERE owner_token_hash = ?3
           UNION ALL SELECT note_id FROM note_members WHERE person_id = ?1
           UNION ALL
           SELECT l.note_id FROM link_people c CROSS JOIN share_links l ON l.id = c.link_id
           WHERE c.person_id = ?1 AND l.revoked_at IS NULL AND l.invitation = 0
             AND (l.expires_at IS NULL OR l.expires_at > ?2)
           UNION ALL
           SELECT been.note_id FROM (
               SELECT note_id FROM note_people WHERE person_id = ?1
               UNION ALL SELECT note_id FROM note_visits WHERE person_id = ?1
               UNION ALL SELECT note_id FROM pins WHERE person_id = ?1
             ) been
           CROSS JOIN notes o INDEXED BY notes_found ON o.id = been.note_id
           WHERE CASE o.audience
             WHEN 'link' THEN 1
             WHEN 'signed_in' THEN EXISTS (SELECT 1 FROM accounts WHERE person_id = ?1)
             WHEN 'invited' THEN 0
             ELSE o.access <> 'none' END
         )
         AND NOT EXISTS
           (SELECT 1 FROM credentials WHERE token_hash = ?4 AND ended_at IS NOT NULL)"
    };
}

/// A page of a list, in one direction. What a room said of who is in it counts for
/// twelve hours. The inner statement decides by what stands
/// in indexes alone; texts are read for the rows of the page, and no others. For their
/// excerpts the words are gone through once more, and once for all: `+rowid` keeps
/// FTS5 from doing it for each row, which costs most where a word is unfinished. It
/// reads no expression of nothing, but one that finds nothing.
macro_rules! page {
    ($beyond:literal, $direction:literal) => {
        concat!(
            "WITH page AS MATERIALIZED (
               SELECT * FROM (
                 SELECT n.id, n.number, n.owner_id, n.updated_at, n.created_at, n.trashed_at,
                   CASE WHEN ?6 IS NULL THEN 0
                        WHEN n.number IN
                          (SELECT rowid FROM note_words WHERE note_words MATCH ?6) THEN 0
                        ELSE 1 END AS tier,
                   CASE ?9
                     WHEN 'created' THEN n.created_at
                     WHEN 'title' THEN
                       (SELECT substr(lower(t.title), 1, 60) FROM notes t WHERE t.id = n.id)
                     WHEN 'visited' THEN coalesce(
                       (SELECT v.at FROM note_visits v
                        WHERE v.person_id = ?1 AND v.note_id = n.id), 0)
                     ELSE n.updated_at END AS sort_key
                 FROM notes n INDEXED BY notes_found
                 WHERE ",
            is_found!(),
            "
                   AND CASE ?7
                     WHEN 'trash' THEN n.trashed_at IS NOT NULL AND n.owner_id = ?1
                     WHEN 'mine' THEN n.trashed_at IS NULL AND n.owner_id = ?1
                     WHEN 'shared' THEN n.trashed_at IS NULL AND n.owner_id IS NOT ?1
                     WHEN 'pinned' THEN n.trashed_at IS NULL AND EXISTS
                       (SELECT 1 FROM pins WHERE person_id = ?1 AND note_id = n.id)
                     ELSE n.trashed_at IS NULL END
                   AND (?8 IS NULL OR EXISTS
                     (SELECT 1 FROM note_tags WHERE note_id = n.id AND tag = ?8))
                   AND (?5 IS NULL OR n.number IN
                     (SELECT rowid FROM note_words WHERE note_words MATCH ?5))
               )
               WHERE ?12 IS NULL OR tier > ?10 OR (tier = ?10 AND (sort_key ",
            $beyond,
            " ?11 OR (sort_key = ?11 AND id > ?12)))
               ORDER BY tier, sort_key ",
            $direction,
            ", id LIMIT ?13
             ),
             cut AS MATERIALIZED (
               SELECT rowid AS number,
                 snippet(note_words, 1, char(2), char(3), '…', 18) AS snippet
               FROM note_words WHERE note_words MATCH coalesce(?5, '\"\"')
                 AND +rowid IN (SELECT number FROM page)
             )
             SELECT p.id, n.title, n.excerpt, p.updated_at, p.created_at, p.trashed_at,
               p.tier, p.sort_key,
               coalesce(p.owner_id = ?1, 0) AS owned,
               (SELECT name FROM people WHERE id = p.owner_id) AS owner,
               (SELECT w.name FROM note_people e CROSS JOIN people w ON w.id = e.person_id
                WHERE e.note_id = p.id ORDER BY e.edited_at DESC LIMIT 1) AS writer,
               EXISTS (SELECT 1 FROM pins WHERE person_id = ?1 AND note_id = p.id) AS pinned,
               coalesce((SELECT h.people FROM note_here h
                WHERE h.note_id = p.id AND h.at > ?2 - 43200000), 0) AS here,
               (SELECT group_concat(tag, char(10)) FROM note_tags WHERE note_id = p.id) AS tags,
               (SELECT snippet FROM cut WHERE number = p.number) AS snippet
             FROM page p JOIN notes n ON n.id = p.id
             ORDER BY p.tier, p.sort_key ",
            $direction,
            ", p.id"
        )
    };
}

/// A page, the highest key first.
pub(super) const DESCENDING: &str = page!("<", "DESC");

/// A page, the lowest key first.
pub(super) const ASCENDING: &str = page!(">", "ASC");

/// The tags of all the notes that somebody finds, the most used first.
pub(super) const TAGS: &str = concat!(
    "SELECT t.tag, count(*) AS notes FROM notes n INDEXED BY notes_found
     CROSS JOIN note_tags t ON t.note_id = n.id
     WHERE ",
    is_found!(),
    " AND n.trashed_at IS NULL GROUP BY t.tag ORDER BY notes DESC, t.tag LIMIT ?5"
);

/// Which sections have anything in them, and whether who asks has an account.
pub(super) const SECTIONS: &str = concat!(
    "SELECT coalesce(max(n.trashed_at IS NULL AND n.owner_id = ?1), 0) AS mine,
       coalesce(max(n.trashed_at IS NULL AND n.owner_id IS NOT ?1), 0) AS shared,
       coalesce(max(n.trashed_at IS NOT NULL AND n.owner_id = ?1), 0) AS trash,
       coalesce(max(n.trashed_at IS NULL AND EXISTS
         (SELECT 1 FROM pins WHERE person_id = ?1 AND note_id = n.id)), 0) AS pinned,
       EXISTS (SELECT 1 FROM accounts WHERE person_id = ?1) AS account
     FROM notes n INDEXED BY notes_found WHERE ",
    is_found!()
);

/// The note of this title (`?5`) that somebody finds: their own before those of
/// others, then what changed last.
pub(super) const TITLED: &str = concat!(
    "SELECT n.id FROM notes n INDEXED BY notes_found WHERE ",
    is_found!(),
    " AND n.trashed_at IS NULL
       AND (SELECT t.title FROM notes t WHERE t.id = n.id) = ?5 COLLATE NOCASE
     ORDER BY n.owner_id IS NOT ?1, n.updated_at DESC, n.id LIMIT 1"
);

/// The notes that link to a note (`?5`) by its title, of those that somebody finds.
pub(super) const LINKED: &str = concat!(
    "WITH page AS MATERIALIZED (
       SELECT n.id, n.updated_at FROM notes n INDEXED BY notes_found
       WHERE n.id IN
         (SELECT l.note_id FROM notes o CROSS JOIN note_links l ON l.title = o.title
          WHERE o.id = ?5 AND o.title <> '' AND l.note_id <> ?5)
         AND ",
    is_found!(),
    " AND n.trashed_at IS NULL
       ORDER BY n.updated_at DESC, n.id LIMIT ?6
     )
     SELECT p.id, n.title, n.excerpt FROM page p JOIN notes n ON n.id = p.id
     ORDER BY p.updated_at DESC, p.id"
);
