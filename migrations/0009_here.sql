-- How many people have a note open now, as its room last said. A row that is old
-- counts for nothing: a room that lost its sockets at once cannot say so.
CREATE TABLE note_here (
    note_id TEXT PRIMARY KEY REFERENCES notes (id) ON DELETE CASCADE,
    people INTEGER NOT NULL,
    at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
