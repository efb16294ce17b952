-- What the instance's admin says to every open page.

CREATE TABLE announcements (
    id TEXT PRIMARY KEY NOT NULL,
    text TEXT NOT NULL,
    at INTEGER NOT NULL,
    -- When it ends by itself, if it does.
    until INTEGER,
    ended_at INTEGER
) STRICT, WITHOUT ROWID;

CREATE INDEX announcements_open ON announcements (at DESC) WHERE ended_at IS NULL;
