SET LOCAL lock_timeout = '2s';

-- What programs want to be told, and where. Their numbers are ascending over all merchants. Headers may be credentials and
-- are sealed under the master key; names of topics, formats and watched parts are the domain's.
CREATE TABLE subscriptions (
    merchant_id uuid NOT NULL,
    application_id uuid NOT NULL,
    number bigint GENERATED ALWAYS AS IDENTITY,
    topic text NOT NULL,
    address text NOT NULL,
    format text NOT NULL,
    sealed_headers bytea,
    watched text[] NOT NULL,
    sites bigint[] NOT NULL,
    other_conditions text NOT NULL,
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL,
    CONSTRAINT subscriptions_pkey PRIMARY KEY (merchant_id, application_id, number),
    CONSTRAINT subscriptions_application_fkey FOREIGN KEY (merchant_id, application_id)
        REFERENCES applications (merchant_id, id),
    CONSTRAINT subscriptions_number_check CHECK (number BETWEEN 1 AND 9007199254740991),
    CONSTRAINT subscriptions_format_check CHECK (format IN ('json', 'xml'))
);
