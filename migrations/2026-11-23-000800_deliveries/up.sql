SET LOCAL lock_timeout = '2s';

-- How far the feed of all events has been turned into deliveries: the place of the last event, in the order of the feed.
-- What is stored before the first start stays untold.
CREATE TABLE delivery_cursor (
    only_one boolean NOT NULL DEFAULT TRUE,
    transaction_id xid8 NOT NULL,
    merchant_id uuid NOT NULL,
    subject_id uuid NOT NULL,
    version bigint NOT NULL,
    ordinal smallint NOT NULL,
    CONSTRAINT delivery_cursor_pkey PRIMARY KEY (only_one),
    CONSTRAINT delivery_cursor_only_one_check CHECK (only_one)
);
INSERT INTO delivery_cursor (transaction_id, merchant_id, subject_id, version, ordinal)
SELECT
    pg_snapshot_xmin(pg_current_snapshot()),
    '00000000-0000-0000-0000-000000000000',
    '00000000-0000-0000-0000-000000000000',
    0,
    0;

-- Who is told, and how that goes. `endpoint` is the number of a subscription, or 0 for the webhook of the settings, here
-- and below. Secrets are sealed under the master key. A row is made when an endpoint is first told of something; it
-- outlives its subscription until what was delivered is forgotten.
CREATE TABLE delivery_endpoints (
    merchant_id uuid NOT NULL,
    endpoint bigint NOT NULL,
    sealed_secret bytea NOT NULL,
    sealed_previous_secret bytea,
    previous_until timestamptz,
    paused_at timestamptz,
    failing_since timestamptz,
    told_at timestamptz,
    last_attempt_at timestamptz,
    last_success_at timestamptz,
    CONSTRAINT delivery_endpoints_pkey PRIMARY KEY (merchant_id, endpoint),
    CONSTRAINT delivery_endpoints_previous_check CHECK ((sealed_previous_secret IS NULL) = (previous_until IS NULL))
) WITH (fillfactor = 50);
CREATE INDEX delivery_endpoints_failing_idx ON delivery_endpoints (failing_since) WHERE failing_since IS NOT NULL;

-- One event on its way to one endpoint. `body` is kept from the first attempt on that did not succeed,
-- unless the person it tells of is one no more.
CREATE TABLE deliveries (
    merchant_id uuid NOT NULL,
    endpoint bigint NOT NULL,
    id uuid NOT NULL,
    subject_id uuid NOT NULL,
    version bigint NOT NULL,
    ordinal smallint NOT NULL,
    state text NOT NULL,
    attempts integer NOT NULL,
    body bytea,
    stripped boolean NOT NULL DEFAULT FALSE,
    created_at timestamptz NOT NULL,
    settled_at timestamptz,
    parked_at timestamptz,
    CONSTRAINT deliveries_pkey PRIMARY KEY (merchant_id, endpoint, id),
    CONSTRAINT deliveries_place_key UNIQUE (merchant_id, subject_id, endpoint, version, ordinal),
    CONSTRAINT deliveries_state_check CHECK (state IN ('pending', 'delivered', 'parked', 'dropped'))
) WITH (fillfactor = 60);
CREATE INDEX deliveries_created_idx ON deliveries (created_at);
CREATE INDEX deliveries_parked_idx ON deliveries (merchant_id, endpoint, parked_at) WHERE parked_at IS NOT NULL;

-- What one endpoint has yet to be told about one subject. Nothing pending has a place before the one that is noted here.
-- `due_at` is when the first of it may be sent; while somebody sends it, under the name in `lease`, when that is over.
CREATE TABLE delivery_lanes (
    merchant_id uuid NOT NULL,
    endpoint bigint NOT NULL,
    subject_id uuid NOT NULL,
    version bigint NOT NULL,
    ordinal smallint NOT NULL,
    due_at timestamptz NOT NULL,
    lease uuid,
    CONSTRAINT delivery_lanes_pkey PRIMARY KEY (merchant_id, endpoint, subject_id)
) WITH (
    fillfactor = 70,
    autovacuum_vacuum_scale_factor = 0,
    autovacuum_vacuum_threshold = 5000,
    autovacuum_vacuum_cost_delay = 0
);
CREATE INDEX delivery_lanes_due_idx ON delivery_lanes (merchant_id, endpoint, due_at);

-- What came of each try, by the name under which the delivery was taken on. Either an answer or a failure; `answer` is the beginning of its body.
CREATE TABLE delivery_attempts (
    merchant_id uuid NOT NULL,
    endpoint bigint NOT NULL,
    delivery_id uuid NOT NULL,
    lease uuid NOT NULL,
    at timestamptz NOT NULL,
    number integer NOT NULL,
    took_microseconds bigint NOT NULL,
    status smallint,
    answer text,
    failure text,
    CONSTRAINT delivery_attempts_pkey PRIMARY KEY (merchant_id, endpoint, delivery_id, lease),
    CONSTRAINT delivery_attempts_outcome_check CHECK ((status IS NULL) <> (failure IS NULL))
);

-- A subscription by its number alone.
CREATE UNIQUE INDEX subscriptions_number_key ON subscriptions (number);
