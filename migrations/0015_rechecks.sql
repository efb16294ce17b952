-- Rooms that are still to look at who is in them, because a right ended: noted with the
-- change itself, so that a room which cannot be told then is told later.
CREATE TABLE rechecks (
    key TEXT PRIMARY KEY NOT NULL,
    -- When it was last noted or tried.
    at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE INDEX rechecks_due ON rechecks (at);
