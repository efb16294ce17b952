-- Access tokens: what a program shows to be the person of an account.

-- To all that asks for rights a token is a session like others, with its name for a
-- label; so ending one, or the account, is the same as well. What tells the two
-- apart: a browser is never signed in with a token, and a program is with no other.
-- Code from before this lists a token as a session, and can end it.
ALTER TABLE credentials ADD COLUMN access_token INTEGER NOT NULL DEFAULT 0
CHECK (access_token IN (0, 1));
