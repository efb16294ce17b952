-- Finding notes: their words, their tags, what somebody pinned and where they were.

-- The number that the words of a note stand under. The rowid would not do: notes
-- are named by text, and SQLite may number the rows of such a table anew.
ALTER TABLE notes ADD COLUMN number INTEGER;
UPDATE notes SET number = rowid;
CREATE UNIQUE INDEX notes_by_number ON notes (number);

-- All that a list decides by. In the row it stands behind the text, which would
-- have to be read for it; so an index has it, and one less needed one goes.
CREATE INDEX notes_found ON notes
(id, owner_id, trashed_at, access, audience, updated_at, created_at, number);
CREATE INDEX notes_owned ON notes (owner_id, id);
DROP INDEX notes_by_owner;
CREATE INDEX notes_by_token ON notes (owner_token_hash)
WHERE owner_token_hash IS NOT NULL;
CREATE INDEX notes_trashed ON notes (trashed_at) WHERE trashed_at IS NOT NULL;

-- What excerpts are cut from. The two characters that mark hits are taken out of
-- the text, so that a mark is never somebody's own; both only separate words, so
-- the words are the same.
CREATE VIEW note_texts AS
SELECT number, title, replace(replace(body, char(2), ' '), char(3), ' ') AS body FROM notes;

-- Words alone; the text itself stays where it is.
CREATE VIRTUAL TABLE note_words USING fts5 (
    title,
    body,
    content = 'note_texts',
    content_rowid = 'number',
    tokenize = 'unicode61 remove_diacritics 2',
    prefix = '2 3'
);
INSERT INTO note_words (rowid, title, body) SELECT number, title, body FROM notes;

CREATE TRIGGER notes_made AFTER INSERT ON notes BEGIN
    UPDATE notes SET number = (SELECT coalesce(max(number), 0) + 1 FROM notes) WHERE id = new.id;
    INSERT INTO note_words (rowid, title, body)
    SELECT number, title, body FROM notes WHERE id = new.id;
END;

-- An entry whose title and text are what they were costs nothing here.
CREATE TRIGGER notes_said AFTER UPDATE OF title, body ON notes
WHEN old.title <> new.title OR old.body <> new.body BEGIN
    INSERT INTO note_words (note_words, rowid, title, body)
    VALUES ('delete', old.number, old.title, old.body);
    INSERT INTO note_words (rowid, title, body) VALUES (new.number, new.title, new.body);
END;

CREATE TRIGGER notes_gone BEFORE DELETE ON notes BEGIN
    INSERT INTO note_words (note_words, rowid, title, body)
    VALUES ('delete', old.number, old.title, old.body);
END;

-- By the list in a note's front matter.
CREATE TABLE note_tags (
    note_id TEXT NOT NULL REFERENCES notes (id) ON DELETE CASCADE,
    tag TEXT NOT NULL,
    PRIMARY KEY (note_id, tag)
) STRICT, WITHOUT ROWID;

-- A guest may pin before they ever wrote, so there is no reference to people.
CREATE TABLE pins (
    person_id TEXT NOT NULL,
    note_id TEXT NOT NULL REFERENCES notes (id) ON DELETE CASCADE,
    at INTEGER NOT NULL,
    PRIMARY KEY (person_id, note_id)
) STRICT, WITHOUT ROWID;

CREATE INDEX pins_by_note ON pins (note_id);

-- Where accounts were last. A guest who only reads leaves no row.
CREATE TABLE note_visits (
    person_id TEXT NOT NULL REFERENCES accounts (person_id) ON DELETE CASCADE,
    note_id TEXT NOT NULL REFERENCES notes (id) ON DELETE CASCADE,
    at INTEGER NOT NULL,
    PRIMARY KEY (person_id, note_id)
) STRICT, WITHOUT ROWID;

CREATE INDEX note_visits_by_note ON note_visits (note_id);
