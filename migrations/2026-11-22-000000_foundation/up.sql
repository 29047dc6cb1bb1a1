SET LOCAL lock_timeout = '2s';

-- The tenants. Every other table begins its key with the merchant, so that rows can be spread by merchant later. Two
-- tables answer questions asked before the merchant is known, and only they begin with something else: directory and
-- tokens.
CREATE TABLE merchants (
    id uuid NOT NULL,
    store_code text NOT NULL,
    company_id bigint NOT NULL,
    institution text NOT NULL,
    name text NOT NULL,
    currency text NOT NULL,
    time_zone text NOT NULL,
    languages text[] NOT NULL,
    communication text NOT NULL,
    business jsonb NOT NULL,
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL,
    CONSTRAINT merchants_pkey PRIMARY KEY (id),
    CONSTRAINT merchants_currency_check CHECK (currency ~ '^[a-z]{3}$'),
    CONSTRAINT merchants_communication_check CHECK (communication IN ('email', 'sms'))
);

-- Which merchant, and what of it, a name means: store codes, company ids, institutions, programs and admins. Names are
-- taken before what they name is stored, so that a taken name leaves nothing behind; hence no foreign key.
CREATE TABLE directory (
    kind text NOT NULL,
    name text NOT NULL,
    merchant_id uuid NOT NULL,
    subject_id uuid NOT NULL,
    CONSTRAINT directory_kind_name_key PRIMARY KEY (kind, name),
    CONSTRAINT directory_kind_check CHECK (
        kind IN ('store_code', 'company', 'institution', 'api_key', 'authenticity_token', 'client_id', 'admin')
    )
);

CREATE TABLE applications (
    merchant_id uuid NOT NULL,
    id uuid NOT NULL,
    name text NOT NULL,
    kind text NOT NULL,
    public_name text NOT NULL,
    secret_fingerprint bytea,
    sealed_key bytea,
    sealed_signature_token bytea,
    redirect_uris text[] NOT NULL,
    created_at timestamptz NOT NULL,
    CONSTRAINT applications_pkey PRIMARY KEY (merchant_id, id),
    CONSTRAINT applications_merchant_fkey FOREIGN KEY (merchant_id) REFERENCES merchants (id),
    CONSTRAINT applications_kind_check CHECK (
        (kind = 'api_key' AND secret_fingerprint IS NOT NULL)
        OR (kind = 'shared_key' AND sealed_key IS NOT NULL)
        OR (kind = 'oauth_client' AND secret_fingerprint IS NOT NULL)
    )
);

CREATE TABLE admins (
    merchant_id uuid NOT NULL,
    id uuid NOT NULL,
    username text NOT NULL,
    email text NOT NULL,
    role text NOT NULL,
    active boolean NOT NULL,
    CONSTRAINT admins_pkey PRIMARY KEY (merchant_id, id),
    CONSTRAINT admins_merchant_fkey FOREIGN KEY (merchant_id) REFERENCES merchants (id),
    CONSTRAINT admins_role_check CHECK (role IN ('master', 'full', 'reporter'))
);

CREATE TABLE operators (
    merchant_id uuid NOT NULL,
    id uuid NOT NULL,
    email text NOT NULL,
    email_key text NOT NULL,
    CONSTRAINT operators_pkey PRIMARY KEY (merchant_id, id),
    CONSTRAINT operators_merchant_email_key UNIQUE (merchant_id, email_key),
    CONSTRAINT operators_merchant_fkey FOREIGN KEY (merchant_id) REFERENCES merchants (id)
);

CREATE TABLE passwords (
    merchant_id uuid NOT NULL,
    actor_kind text NOT NULL,
    actor_id uuid NOT NULL,
    hash text NOT NULL,
    temporary boolean NOT NULL,
    last_login_at timestamptz,
    CONSTRAINT passwords_pkey PRIMARY KEY (merchant_id, actor_kind, actor_id)
);

CREATE TABLE points_of_sale (
    merchant_id uuid NOT NULL,
    id uuid NOT NULL,
    name text NOT NULL,
    identifier text NOT NULL,
    description text,
    location jsonb NOT NULL,
    CONSTRAINT points_of_sale_pkey PRIMARY KEY (merchant_id, id),
    CONSTRAINT points_of_sale_merchant_identifier_key UNIQUE (merchant_id, identifier),
    CONSTRAINT points_of_sale_merchant_fkey FOREIGN KEY (merchant_id) REFERENCES merchants (id)
);

CREATE TABLE sellers (
    merchant_id uuid NOT NULL,
    id uuid NOT NULL,
    first_name text NOT NULL,
    last_name text NOT NULL,
    email text NOT NULL,
    email_key text,
    phone text,
    pos_id uuid,
    active boolean NOT NULL,
    allow_point_transfer boolean NOT NULL,
    deleted_at timestamptz,
    CONSTRAINT sellers_pkey PRIMARY KEY (merchant_id, id),
    CONSTRAINT sellers_merchant_email_key UNIQUE (merchant_id, email_key),
    CONSTRAINT sellers_merchant_fkey FOREIGN KEY (merchant_id) REFERENCES merchants (id)
);

-- Amounts are ten-thousandths, shares are millionths.
CREATE TABLE levels (
    merchant_id uuid NOT NULL,
    id uuid NOT NULL,
    condition bigint NOT NULL,
    reward_name text NOT NULL,
    reward_value bigint NOT NULL,
    reward_code text NOT NULL,
    active boolean NOT NULL,
    texts jsonb NOT NULL,
    created_at timestamptz NOT NULL,
    CONSTRAINT levels_pkey PRIMARY KEY (merchant_id, id),
    CONSTRAINT levels_merchant_fkey FOREIGN KEY (merchant_id) REFERENCES merchants (id)
);

CREATE TABLE tokens (
    fingerprint bytea NOT NULL,
    purpose text NOT NULL,
    merchant_id uuid NOT NULL,
    actor_kind text NOT NULL,
    actor_id uuid NOT NULL,
    scopes text[] NOT NULL,
    redirect_uri text,
    expires_at timestamptz,
    CONSTRAINT tokens_fingerprint_purpose_key PRIMARY KEY (fingerprint, purpose)
);
CREATE INDEX tokens_merchant_actor_idx ON tokens (merchant_id, actor_id);
CREATE INDEX tokens_expires_at_idx ON tokens (expires_at);

CREATE TABLE signing_keys (
    name text NOT NULL,
    sealed_key bytea NOT NULL,
    CONSTRAINT signing_keys_pkey PRIMARY KEY (name)
);

-- One record for all dialects. A key column holds the normal form of a value that this customer claims; a value without
-- its key is carried only. Compound values that are never searched by their parts are documents.
CREATE TABLE customers (
    merchant_id uuid NOT NULL,
    id uuid NOT NULL,
    number bigint GENERATED BY DEFAULT AS IDENTITY,
    wallet_id uuid NOT NULL,
    version bigint NOT NULL,
    first_name text NOT NULL,
    last_name text NOT NULL,
    undivided_name text,
    email text,
    email_key text,
    phone text,
    phone_key text,
    mobile text,
    mobile_key text,
    loyalty_card text,
    card_key text,
    merchant_customer_id text,
    external_id text,
    application_references jsonb NOT NULL,
    referral_id text,
    referral_email text,
    primary_address jsonb,
    shipping_address jsonb,
    company jsonb,
    gender text,
    birth_date timestamptz,
    labels jsonb NOT NULL,
    tags text[] NOT NULL,
    metadata json NOT NULL,
    description text,
    comment text,
    agrees_to_terms boolean NOT NULL,
    accepts_marketing boolean NOT NULL,
    agrees_to_third boolean NOT NULL,
    verification jsonb,
    wallet_status text NOT NULL,
    wallet_set_by text NOT NULL,
    image_url text,
    avatar jsonb,
    status text NOT NULL,
    level_id uuid,
    level_is_manual boolean NOT NULL,
    level_recalculated_at timestamptz,
    pos_id uuid,
    seller_id uuid,
    push_tokens text[] NOT NULL,
    purchase_count bigint NOT NULL,
    purchase_amount bigint NOT NULL,
    purchase_amount_without_delivery bigint NOT NULL,
    purchase_amount_excluded bigint NOT NULL,
    last_purchase_at timestamptz,
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL,
    deleted_at timestamptz,
    CONSTRAINT customers_pkey PRIMARY KEY (merchant_id, id),
    CONSTRAINT customers_merchant_number_key UNIQUE (merchant_id, number),
    CONSTRAINT customers_merchant_fkey FOREIGN KEY (merchant_id) REFERENCES merchants (id),
    CONSTRAINT customers_number_check CHECK (number BETWEEN 1 AND 9007199254740991),
    CONSTRAINT customers_gender_check CHECK (gender IN ('male', 'female', 'not_disclosed')),
    CONSTRAINT customers_status_check CHECK (status IN ('new', 'active', 'blocked', 'anonymized')),
    CONSTRAINT customers_wallet_status_check CHECK (wallet_status IN ('active', 'blocked', 'suspicious')),
    CONSTRAINT customers_wallet_set_by_check CHECK (wallet_set_by IN ('institution', 'operator')),
    CONSTRAINT customers_level_check CHECK (level_id IS NOT NULL OR NOT level_is_manual),
    CONSTRAINT customers_deleted_keys_check CHECK (
        deleted_at IS NULL
        OR (email_key IS NULL AND phone_key IS NULL AND mobile_key IS NULL AND card_key IS NULL)
    )
);

-- The claims. Deleted customers have no keys; the merchant's own id stays on them to be shown.
CREATE UNIQUE INDEX customers_merchant_email_key ON customers (merchant_id, email_key) WHERE email_key IS NOT NULL;
CREATE UNIQUE INDEX customers_merchant_card_key ON customers (merchant_id, card_key) WHERE card_key IS NOT NULL;
CREATE UNIQUE INDEX customers_merchant_phone_key ON customers (merchant_id, phone_key) WHERE phone_key IS NOT NULL;
CREATE UNIQUE INDEX customers_merchant_mobile_key ON customers (merchant_id, mobile_key) WHERE mobile_key IS NOT NULL;
CREATE UNIQUE INDEX customers_merchant_customer_id_key ON customers (merchant_id, merchant_customer_id)
    WHERE merchant_customer_id IS NOT NULL AND deleted_at IS NULL;

-- Those who carry a value without holding it are few; they are searched after the holder.
CREATE INDEX customers_carried_email_idx ON customers (merchant_id, lower(email COLLATE "und-x-icu"))
    WHERE email IS NOT NULL AND email_key IS NULL AND deleted_at IS NULL;
CREATE INDEX customers_carried_phone_idx ON customers (merchant_id, regexp_replace(phone, '[^0-9]', '', 'g'))
    WHERE phone IS NOT NULL AND phone_key IS NULL AND deleted_at IS NULL;
CREATE INDEX customers_carried_mobile_idx ON customers (merchant_id, regexp_replace(mobile, '[^0-9]', '', 'g'))
    WHERE mobile IS NOT NULL AND mobile_key IS NULL AND deleted_at IS NULL;
CREATE INDEX customers_carried_card_idx ON customers (merchant_id, lower(loyalty_card COLLATE "und-x-icu"))
    WHERE loyalty_card IS NOT NULL AND card_key IS NULL AND deleted_at IS NULL;

CREATE INDEX customers_merchant_created_at_idx ON customers (merchant_id, created_at, id) WHERE deleted_at IS NULL;
CREATE INDEX customers_merchant_wallet_idx ON customers (merchant_id, wallet_id);
CREATE INDEX customers_merchant_external_id_idx ON customers (merchant_id, external_id) WHERE external_id IS NOT NULL;
CREATE INDEX customers_application_references_idx ON customers USING gin (application_references jsonb_path_ops)
    WHERE application_references <> '{}'::jsonb;

-- What happened, written with the change. Transactions commit out of order, so a reader that wants no gaps orders by
-- (transaction_id, customer_id, version, ordinal) and stops before the oldest transaction still running.
CREATE TABLE events (
    merchant_id uuid NOT NULL,
    customer_id uuid NOT NULL,
    version bigint NOT NULL,
    ordinal smallint NOT NULL,
    id uuid NOT NULL,
    kind text NOT NULL,
    detail json NOT NULL,
    actor_kind text NOT NULL,
    actor_id uuid,
    at timestamptz NOT NULL,
    customer_number bigint NOT NULL,
    record json NOT NULL,
    transaction_id xid8 NOT NULL DEFAULT pg_current_xact_id(),
    CONSTRAINT events_pkey PRIMARY KEY (merchant_id, customer_id, version, ordinal),
    CONSTRAINT events_merchant_fkey FOREIGN KEY (merchant_id) REFERENCES merchants (id)
);
CREATE INDEX events_feed_idx ON events (transaction_id);
