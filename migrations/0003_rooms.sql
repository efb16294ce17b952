-- Chat rooms that somebody made, and who was in which. What was said in them is
-- in their objects; a note's own room has no row, it follows the note.

CREATE TABLE rooms (
    name TEXT PRIMARY KEY NOT NULL,
    title TEXT NOT NULL,
    owner_id TEXT REFERENCES people (id) ON DELETE SET NULL,
    created_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE room_people (
    room TEXT NOT NULL REFERENCES rooms (name) ON DELETE CASCADE,
    person_id TEXT NOT NULL REFERENCES people (id) ON DELETE CASCADE,
    seen_at INTEGER NOT NULL,
    PRIMARY KEY (person_id, room)
) STRICT, WITHOUT ROWID;

CREATE INDEX room_people_by_room ON room_people (room);
