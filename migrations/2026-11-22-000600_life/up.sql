SET LOCAL lock_timeout = '2s';

-- Whether anybody was ever told that the customer agreed to marketing.
ALTER TABLE customers ADD COLUMN newsletter_announced boolean NOT NULL DEFAULT false;

-- Who waits longest for the daily look at levels.
CREATE INDEX customers_merchant_recalculation_idx
    ON customers (merchant_id, (COALESCE(level_recalculated_at, created_at)), id) WHERE deleted_at IS NULL;

-- The day, in the merchant's time zone, for which a daily job was last finished.
CREATE TABLE job_days (
    merchant_id uuid NOT NULL,
    job text NOT NULL,
    day date NOT NULL,
    CONSTRAINT job_days_pkey PRIMARY KEY (merchant_id, job),
    CONSTRAINT job_days_merchant_fkey FOREIGN KEY (merchant_id) REFERENCES merchants (id)
);

-- Who looked at whom. What was changed is told by the events.
CREATE TABLE customer_views (
    merchant_id uuid NOT NULL,
    id uuid NOT NULL,
    customer_id uuid NOT NULL,
    actor_kind text NOT NULL,
    actor_id uuid,
    at timestamptz NOT NULL,
    CONSTRAINT customer_views_pkey PRIMARY KEY (merchant_id, id),
    CONSTRAINT customer_views_merchant_fkey FOREIGN KEY (merchant_id) REFERENCES merchants (id)
);
CREATE INDEX customer_views_merchant_customer_idx ON customer_views (merchant_id, customer_id, at);
