-- Which titles a note links to, as it writes them. A title means whatever note of
-- this title somebody finds, so there is no reference to a note.
CREATE TABLE note_links (
    note_id TEXT NOT NULL REFERENCES notes (id) ON DELETE CASCADE,
    title TEXT NOT NULL COLLATE NOCASE,
    PRIMARY KEY (note_id, title)
) STRICT, WITHOUT ROWID;

CREATE INDEX note_links_by_title ON note_links (title, note_id);
