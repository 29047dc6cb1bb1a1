SET LOCAL lock_timeout = '2s';

-- Where a level's picture lies among the files of its merchant.
ALTER TABLE levels ADD COLUMN photo text;

-- Files of pictures that no row names, or that none may come to name: what lies here is removed when it is due.
CREATE TABLE stray_pictures (
    merchant_id uuid NOT NULL,
    path text NOT NULL,
    due_at timestamptz NOT NULL,
    CONSTRAINT stray_pictures_pkey PRIMARY KEY (merchant_id, path),
    CONSTRAINT stray_pictures_merchant_fkey FOREIGN KEY (merchant_id) REFERENCES merchants (id)
);
CREATE INDEX stray_pictures_due_at_idx ON stray_pictures (due_at);
