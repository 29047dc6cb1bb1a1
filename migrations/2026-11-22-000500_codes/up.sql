SET LOCAL lock_timeout = '2s';

-- The newest code of each account and purpose. A code that is used up, guessed at too often or taken back has no
-- fingerprint any more; a used activation link keeps it. Among those that have one, none reads like another.
CREATE TABLE codes (
    merchant_id uuid NOT NULL,
    actor_kind text NOT NULL,
    actor_id uuid NOT NULL,
    purpose text NOT NULL,
    number integer NOT NULL,
    fingerprint bytea,
    phone text,
    attempts integer NOT NULL,
    issued_at timestamptz NOT NULL,
    expires_at timestamptz NOT NULL,
    used_at timestamptz,
    CONSTRAINT codes_pkey PRIMARY KEY (merchant_id, actor_kind, actor_id, purpose),
    CONSTRAINT codes_merchant_fkey FOREIGN KEY (merchant_id) REFERENCES merchants (id),
    CONSTRAINT codes_purpose_check CHECK (
        purpose IN ('activation_link', 'activation_code', 'password_reset', 'phone_change')
    )
);
CREATE UNIQUE INDEX codes_merchant_fingerprint_key ON codes (merchant_id, purpose, fingerprint)
    WHERE fingerprint IS NOT NULL;
CREATE INDEX codes_expires_at_idx ON codes (expires_at);

-- How often something happened in the window that ends at ends_at. An unknown merchant has budgets too, hence no foreign
-- key. Lines are kept here as well: ends_at is the end of the last turn.
CREATE TABLE budgets (
    merchant_id uuid NOT NULL,
    kind text NOT NULL,
    subject bytea NOT NULL,
    used integer NOT NULL,
    allowed integer NOT NULL,
    ends_at timestamptz NOT NULL,
    CONSTRAINT budgets_pkey PRIMARY KEY (merchant_id, kind, subject)
);
CREATE INDEX budgets_ends_at_idx ON budgets (ends_at);

-- Tokens from before this moment work no more: their owner chose a new password.
ALTER TABLE passwords ADD COLUMN sessions_since timestamptz;
