-- Notes that are gone for good, whose text and chat are still to be erased in their
-- objects: noted with the deletion, so that one which fails is tried again.
CREATE TABLE erasures (
    note_id TEXT PRIMARY KEY NOT NULL,
    -- When it is due, or was tried last.
    at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE INDEX erasures_due ON erasures (at);
