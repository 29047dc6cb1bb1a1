SET LOCAL lock_timeout = '2s';

ALTER TABLE applications DROP COLUMN addresses;
