SET LOCAL lock_timeout = '2s';

DROP TABLE stray_pictures;
ALTER TABLE levels DROP COLUMN photo;
