SET LOCAL lock_timeout = '2s';

-- How a programme works is read and written as a whole.
ALTER TABLE merchants ADD COLUMN settings jsonb;
UPDATE merchants SET settings = jsonb_build_object('communication', communication);
ALTER TABLE merchants ALTER COLUMN settings SET NOT NULL;
ALTER TABLE merchants DROP COLUMN communication;

-- Messages that wait to be sent, written with what they tell of. A row is claimed for a while, and goes when it was sent.
CREATE TABLE messages (
    merchant_id uuid NOT NULL,
    id uuid NOT NULL,
    about_kind text NOT NULL,
    about_id uuid,
    kind text NOT NULL,
    language text,
    content bytea,
    created_at timestamptz NOT NULL,
    expires_at timestamptz,
    attempts integer NOT NULL DEFAULT 0,
    due_at timestamptz NOT NULL,
    CONSTRAINT messages_pkey PRIMARY KEY (merchant_id, id),
    CONSTRAINT messages_merchant_fkey FOREIGN KEY (merchant_id) REFERENCES merchants (id)
);
CREATE INDEX messages_due_at_idx ON messages (due_at);
CREATE INDEX messages_about_idx ON messages (merchant_id, about_id);
