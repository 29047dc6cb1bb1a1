SET LOCAL lock_timeout = '2s';

-- Running totals of the points ledger, in ten-thousandths, and when a customer was last told that the level ends.
ALTER TABLE customers
    ADD COLUMN points_available bigint NOT NULL DEFAULT 0,
    ADD COLUMN points_from_customers bigint NOT NULL DEFAULT 0,
    ADD COLUMN points_earned bigint NOT NULL DEFAULT 0,
    ADD COLUMN points_used bigint NOT NULL DEFAULT 0,
    ADD COLUMN points_expired bigint NOT NULL DEFAULT 0,
    ADD COLUMN points_locked bigint NOT NULL DEFAULT 0,
    ADD COLUMN points_earned_since_recalculation bigint NOT NULL DEFAULT 0,
    ADD COLUMN level_warned_at timestamptz;

-- The ledger: points that came to a customer or went from one. Of those that came, `remaining` is what is left. The other
-- customer is the one who gave them or got them. Amounts are in ten-thousandths.
CREATE TABLE points_transfers (
    merchant_id uuid NOT NULL,
    id uuid NOT NULL,
    customer_id uuid NOT NULL,
    is_adding boolean NOT NULL,
    peer_id uuid,
    value bigint NOT NULL,
    remaining bigint NOT NULL,
    state text NOT NULL,
    locked_until timestamptz,
    expires_at timestamptz,
    warned boolean NOT NULL,
    comment text,
    actor_kind text NOT NULL,
    actor_id uuid,
    created_at timestamptz NOT NULL,
    CONSTRAINT points_transfers_pkey PRIMARY KEY (merchant_id, id),
    CONSTRAINT points_transfers_merchant_fkey FOREIGN KEY (merchant_id) REFERENCES merchants (id),
    CONSTRAINT points_transfers_value_check CHECK (value > 0),
    CONSTRAINT points_transfers_remaining_check CHECK (remaining BETWEEN 0 AND CASE WHEN is_adding THEN value ELSE 0 END),
    CONSTRAINT points_transfers_state_check CHECK (state IN ('locked', 'active', 'expired', 'canceled'))
);
CREATE INDEX points_transfers_created_at_idx ON points_transfers (merchant_id, created_at, id);
CREATE INDEX points_transfers_customer_idx ON points_transfers (merchant_id, customer_id, created_at, id);

-- What can be spent, the oldest first.
CREATE INDEX points_transfers_spendable_idx ON points_transfers (merchant_id, customer_id, created_at, id)
    INCLUDE (remaining, expires_at) WHERE state = 'active' AND remaining > 0;

-- Whose time comes, and who is to be told.
CREATE INDEX points_transfers_locked_idx ON points_transfers (merchant_id, locked_until, id) WHERE state = 'locked';
CREATE INDEX points_transfers_active_idx ON points_transfers (merchant_id, expires_at, id)
    WHERE state = 'active' AND is_adding;
CREATE INDEX points_transfers_unwarned_idx ON points_transfers (merchant_id, expires_at, id)
    WHERE state = 'active' AND remaining > 0 AND NOT warned;

-- What was spent, as one number of the programme.
CREATE INDEX points_transfers_spending_idx ON points_transfers (merchant_id) INCLUDE (value)
    WHERE NOT is_adding AND peer_id IS NULL;
