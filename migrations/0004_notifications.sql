-- What people are told, once for one cause, and which kinds they want.

-- A person may be told something before they ever wrote, so there is no
-- reference to people. Numbers are never used twice: an id says what is newer.
CREATE TABLE notifications (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    person_id TEXT NOT NULL,
    kind TEXT NOT NULL,
    cause TEXT NOT NULL,
    -- Who caused it, by the name they had.
    by_id TEXT NOT NULL,
    by_name TEXT NOT NULL,
    by_colour INTEGER NOT NULL,
    place TEXT NOT NULL,
    title TEXT NOT NULL,
    quote TEXT NOT NULL,
    at INTEGER NOT NULL,
    read_at INTEGER,
    archived_at INTEGER,
    UNIQUE (person_id, kind, cause)
) STRICT;

CREATE INDEX notifications_newest ON notifications (person_id, id DESC)
WHERE archived_at IS NULL;

CREATE INDEX notifications_unread ON notifications (person_id)
WHERE read_at IS NULL AND archived_at IS NULL;

-- Only what differs from the table of kinds in `store`.
CREATE TABLE notification_settings (
    person_id TEXT NOT NULL,
    kind TEXT NOT NULL,
    bell INTEGER NOT NULL CHECK (bell IN (0, 1)),
    PRIMARY KEY (person_id, kind)
) STRICT, WITHOUT ROWID;
