SET LOCAL lock_timeout = '2s';

-- A login's refresh tokens are one row: it is found by the fingerprint of the first of them, and this is the fingerprint of
-- the one that works now. Until the first is renewed there is none, and the first works.
ALTER TABLE tokens ADD COLUMN renewed_as bytea;
