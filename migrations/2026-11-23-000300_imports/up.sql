SET LOCAL lock_timeout = '2s';

-- How far each imported file has come, written together with the customers of each batch. A file is known by the SHA-256
-- of its content.
CREATE TABLE imports (
    merchant_id uuid NOT NULL,
    fingerprint bytea NOT NULL,
    processed bigint NOT NULL,
    stored bigint NOT NULL,
    begun_at timestamptz NOT NULL,
    finished_at timestamptz,
    CONSTRAINT imports_pkey PRIMARY KEY (merchant_id, fingerprint),
    CONSTRAINT imports_merchant_fkey FOREIGN KEY (merchant_id) REFERENCES merchants (id),
    CONSTRAINT imports_progress_check CHECK (stored BETWEEN 0 AND processed)
);
