-- Published pages: under which address anybody may read a note, and what its page
-- shows. A note in the trash keeps its address, so that it comes back with it.
CREATE TABLE published (
    note_id TEXT PRIMARY KEY NOT NULL REFERENCES notes (id) ON DELETE CASCADE,
    slug TEXT NOT NULL UNIQUE,
    -- Whether search engines may list the page.
    listed INTEGER NOT NULL CHECK (listed IN (0, 1)),
    -- Whether the page says whose it is.
    author INTEGER NOT NULL CHECK (author IN (0, 1)),
    -- Whether the page has a list of its headings.
    contents INTEGER NOT NULL CHECK (contents IN (0, 1)),
    published_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
