SET LOCAL lock_timeout = '2s';

-- Saved cards of customers. The middle of a number is never stored, and the check says so; the token that stands for the
-- card in payments is sealed, and recognized by its fingerprint. A customer who is deleted, anonymized or erased has none,
-- so lists of all cards need not look at customers.
CREATE TABLE payment_methods (
    merchant_id uuid NOT NULL,
    id uuid NOT NULL,
    customer_id uuid NOT NULL,
    masked_number text NOT NULL,
    expires_on date NOT NULL,
    keep_until timestamptz,
    token_fingerprint bytea NOT NULL,
    sealed_token bytea NOT NULL,
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL,
    CONSTRAINT payment_methods_pkey PRIMARY KEY (merchant_id, id),
    CONSTRAINT payment_methods_merchant_token_key UNIQUE (merchant_id, token_fingerprint),
    CONSTRAINT payment_methods_merchant_fkey FOREIGN KEY (merchant_id) REFERENCES merchants (id),
    CONSTRAINT payment_methods_masked_number_check CHECK (masked_number ~ '^[0-9]{6}[*]{2,9}[0-9]{4}$')
);

-- The lists, read backwards.
CREATE INDEX payment_methods_created_at_idx ON payment_methods (merchant_id, created_at, id);
CREATE INDEX payment_methods_customer_idx ON payment_methods (merchant_id, customer_id, created_at, id);
