-- All that a right is decided by. In a note's row some of it stands behind the text, a
-- megabyte of which would be read for each request; what an index entry changes is not
-- in here, so that writing one costs nothing more.
CREATE INDEX notes_rights ON notes
(id, owner_id, owner_token_hash, access, audience, general_role, created_at, trashed_at);
