-- Notes: whose, open to whom, and the index entry their rooms write behind.

CREATE TABLE notes (
    id TEXT PRIMARY KEY NOT NULL,
    owner_id TEXT REFERENCES people (id) ON DELETE SET NULL,
    owner_token_hash TEXT,
    access TEXT NOT NULL DEFAULT 'edit' CHECK (access IN ('none', 'view', 'edit')),
    title TEXT NOT NULL DEFAULT '',
    excerpt TEXT NOT NULL DEFAULT '',
    body TEXT NOT NULL DEFAULT '',
    -- Bytes of the body.
    size INTEGER NOT NULL DEFAULT 0,
    -- Version of the note that the entry was read at.
    version INTEGER NOT NULL DEFAULT 0,
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL,
    trashed_at INTEGER
) STRICT;

CREATE INDEX notes_by_owner ON notes (owner_id, updated_at DESC);

CREATE TABLE note_people (
    note_id TEXT NOT NULL REFERENCES notes (id) ON DELETE CASCADE,
    person_id TEXT NOT NULL REFERENCES people (id) ON DELETE CASCADE,
    edited_at INTEGER NOT NULL,
    PRIMARY KEY (person_id, note_id)
) STRICT, WITHOUT ROWID;

CREATE INDEX note_people_by_note ON note_people (note_id);
