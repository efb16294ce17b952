-- Sharing: to whom a note is open, who is in it by name, and by which links.

-- Who general access is for, and what it gives them. NULL, as code before this
-- writes it, means what `access` says; code from here on keeps `access` at what
-- anyone with the link may do.
ALTER TABLE notes ADD COLUMN audience TEXT
CHECK (audience IN ('invited', 'signed_in', 'link'));
ALTER TABLE notes ADD COLUMN general_role TEXT
CHECK (general_role IN ('view', 'comment', 'suggest', 'edit'));

CREATE TABLE note_members (
    note_id TEXT NOT NULL REFERENCES notes (id) ON DELETE CASCADE,
    person_id TEXT NOT NULL REFERENCES people (id) ON DELETE CASCADE,
    role TEXT NOT NULL CHECK (role IN ('view', 'comment', 'suggest', 'edit')),
    added_at INTEGER NOT NULL,
    PRIMARY KEY (person_id, note_id)
) STRICT, WITHOUT ROWID;

CREATE INDEX note_members_by_note ON note_members (note_id);

-- Capability links. Only hashes of their tokens; a password as PBKDF2 makes it.
CREATE TABLE share_links (
    id TEXT PRIMARY KEY NOT NULL,
    note_id TEXT NOT NULL REFERENCES notes (id) ON DELETE CASCADE,
    token_hash TEXT NOT NULL UNIQUE,
    role TEXT NOT NULL CHECK (role IN ('view', 'comment', 'suggest', 'edit')),
    label TEXT NOT NULL,
    -- Whoever opens an invitation is a member from then on.
    invitation INTEGER NOT NULL CHECK (invitation IN (0, 1)),
    password TEXT,
    -- How many people it lets in; NULL for any number.
    max_uses INTEGER,
    uses INTEGER NOT NULL DEFAULT 0,
    expires_at INTEGER,
    used_at INTEGER,
    created_at INTEGER NOT NULL,
    revoked_at INTEGER,
    CHECK (max_uses IS NULL OR uses <= max_uses)
) STRICT, WITHOUT ROWID;

CREATE INDEX share_links_by_note ON share_links (note_id, created_at);

-- Who came through a link. A row holds as long as the link does.
CREATE TABLE link_people (
    person_id TEXT NOT NULL,
    link_id TEXT NOT NULL REFERENCES share_links (id) ON DELETE CASCADE,
    name TEXT NOT NULL,
    colour INTEGER NOT NULL,
    at INTEGER NOT NULL,
    PRIMARY KEY (person_id, link_id)
) STRICT, WITHOUT ROWID;

CREATE INDEX link_people_by_link ON link_people (link_id, at);

-- Who asked for access and waits.
CREATE TABLE access_requests (
    note_id TEXT NOT NULL REFERENCES notes (id) ON DELETE CASCADE,
    person_id TEXT NOT NULL,
    name TEXT NOT NULL,
    colour INTEGER NOT NULL,
    at INTEGER NOT NULL,
    PRIMARY KEY (note_id, person_id)
) STRICT, WITHOUT ROWID;

-- A use is counted with its row: a link never lets in more than it may, whoever
-- comes at once.
CREATE TRIGGER link_used AFTER INSERT ON link_people
BEGIN
    UPDATE share_links SET uses = uses + 1 WHERE id = NEW.link_id;
END;
