-- Accounts: people who can come back on every device of theirs, and what proves it.

CREATE TABLE accounts (
    person_id TEXT PRIMARY KEY NOT NULL REFERENCES people (id) ON DELETE CASCADE,
    -- The first account of an instance is its admin.
    admin INTEGER NOT NULL DEFAULT 0 CHECK (admin IN (0, 1)),
    created_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- At most one, also when two people come first at once.
CREATE UNIQUE INDEX accounts_admin ON accounts (admin) WHERE admin = 1;

CREATE TABLE passkeys (
    -- The credential id, base64url.
    id TEXT PRIMARY KEY NOT NULL,
    person_id TEXT NOT NULL REFERENCES accounts (person_id) ON DELETE CASCADE,
    public_key TEXT NOT NULL,
    sign_count INTEGER NOT NULL,
    label TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    used_at INTEGER
) STRICT, WITHOUT ROWID;

CREATE INDEX passkeys_by_person ON passkeys (person_id);

-- Somebody at a provider of accounts (OpenID Connect).
CREATE TABLE identities (
    issuer TEXT NOT NULL,
    subject TEXT NOT NULL,
    person_id TEXT NOT NULL REFERENCES accounts (person_id) ON DELETE CASCADE,
    created_at INTEGER NOT NULL,
    PRIMARY KEY (issuer, subject)
) STRICT, WITHOUT ROWID;

CREATE INDEX identities_by_person ON identities (person_id);

-- Questions that are open: each is answered once, by the browser it was asked.
CREATE TABLE challenges (
    challenge_hash TEXT PRIMARY KEY NOT NULL,
    purpose TEXT NOT NULL CHECK (purpose IN ('register', 'sign_in', 'oidc')),
    -- Hash of the browser's token.
    token_hash TEXT NOT NULL,
    -- What the answer needs of the question.
    data TEXT NOT NULL,
    expires_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE INDEX challenges_due ON challenges (expires_at);

-- A guest's token stands for the person made from it; a session's for an account.
-- An ended one stands for nobody, and its row stays, so that nothing written late
-- brings it back.
ALTER TABLE credentials ADD COLUMN kind TEXT NOT NULL DEFAULT 'guest'
CHECK (kind IN ('guest', 'session'));
-- Browser and system of a session, as its owner reads it.
ALTER TABLE credentials ADD COLUMN label TEXT NOT NULL DEFAULT '';
ALTER TABLE credentials ADD COLUMN seen_at INTEGER;
ALTER TABLE credentials ADD COLUMN ended_at INTEGER;

-- Where a session has sockets, or had: who ends it tells these rooms.
CREATE TABLE session_keys (
    token_hash TEXT NOT NULL REFERENCES credentials (token_hash) ON DELETE CASCADE,
    key TEXT NOT NULL,
    joined_at INTEGER NOT NULL,
    PRIMARY KEY (token_hash, key)
) STRICT, WITHOUT ROWID;
