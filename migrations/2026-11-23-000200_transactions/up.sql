SET LOCAL lock_timeout = '2s';

-- What tills sold and took back, as it was registered. Only whose purchase it is comes later, and only what tells of a
-- person goes: the buyer and, with the customer, the assignment. The keys are the normal forms of the buyer's addresses.
-- Amounts are in ten-thousandths.
CREATE TABLE transactions (
    merchant_id uuid NOT NULL,
    id uuid NOT NULL,
    kind text NOT NULL,
    document text NOT NULL,
    revises text,
    purchased_at timestamptz NOT NULL,
    place text,
    items jsonb NOT NULL,
    gross bigint NOT NULL,
    gross_without_delivery bigint NOT NULL,
    gross_excluded bigint NOT NULL,
    buyer jsonb,
    buyer_email_key text,
    buyer_phone_key text,
    buyer_card_key text,
    pos_id uuid,
    labels jsonb NOT NULL,
    customer_id uuid,
    customer_version bigint,
    assigned_at timestamptz,
    registered_at timestamptz NOT NULL,
    CONSTRAINT transactions_pkey PRIMARY KEY (merchant_id, id),
    CONSTRAINT transactions_merchant_document_key UNIQUE (merchant_id, document),
    CONSTRAINT transactions_merchant_fkey FOREIGN KEY (merchant_id) REFERENCES merchants (id),
    CONSTRAINT transactions_kind_check CHECK (kind = 'return' OR (kind = 'sale' AND revises IS NULL)),
    CONSTRAINT transactions_assignment_check CHECK (
        num_nulls(customer_id, customer_version, assigned_at) IN (0, 3)
    ),
    CONSTRAINT transactions_forgotten_check CHECK (
        buyer IS NOT NULL OR num_nonnulls(buyer_email_key, buyer_phone_key, buyer_card_key) = 0
    )
);

-- The usual order of lists, a customer's list, and the order in which a customer's transactions count.
CREATE INDEX transactions_purchased_at_idx ON transactions (merchant_id, purchased_at, id);
CREATE INDEX transactions_customer_idx ON transactions (merchant_id, customer_id, purchased_at, id)
    WHERE customer_id IS NOT NULL;
CREATE INDEX transactions_customer_version_idx ON transactions (merchant_id, customer_id, customer_version)
    WHERE customer_id IS NOT NULL;
CREATE INDEX transactions_revises_idx ON transactions (merchant_id, revises) WHERE revises IS NOT NULL;
CREATE INDEX transactions_pos_idx ON transactions (merchant_id, pos_id, purchased_at, id) WHERE pos_id IS NOT NULL;
CREATE INDEX transactions_labels_idx ON transactions USING gin (label_terms(labels)) WHERE labels <> '[]'::jsonb;

-- Transactions without a customer, by what the till knew of the person.
CREATE INDEX transactions_nobodys_email_idx ON transactions (merchant_id, buyer_email_key)
    WHERE customer_id IS NULL AND buyer_email_key IS NOT NULL;
CREATE INDEX transactions_nobodys_phone_idx ON transactions (merchant_id, buyer_phone_key)
    WHERE customer_id IS NULL AND buyer_phone_key IS NOT NULL;
CREATE INDEX transactions_nobodys_card_idx ON transactions (merchant_id, buyer_card_key)
    WHERE customer_id IS NULL AND buyer_card_key IS NOT NULL;

-- What the transactions of each point of sale come to; the nil id stands for none. A return of a known sale takes away.
-- The sum of a till is the sum of its slots: a transaction adds to a slot that no other transaction has changed and not
-- yet settled, so that no sale at a till waits for another.
CREATE TABLE sales_counts (
    merchant_id uuid NOT NULL,
    pos_id uuid NOT NULL,
    slot bigint GENERATED ALWAYS AS IDENTITY,
    transactions bigint NOT NULL,
    amount bigint NOT NULL,
    amount_without_delivery bigint NOT NULL,
    CONSTRAINT sales_counts_pkey PRIMARY KEY (merchant_id, pos_id, slot)
) WITH (fillfactor = 50, autovacuum_vacuum_scale_factor = 0.02, autovacuum_vacuum_threshold = 1000);

CREATE FUNCTION count_sales(merchant uuid, till uuid, more bigint, sum bigint, sum_without_delivery bigint) RETURNS void
LANGUAGE plpgsql AS $$
BEGIN
    UPDATE sales_counts SET transactions = transactions + more, amount = amount + sum,
        amount_without_delivery = amount_without_delivery + sum_without_delivery
    WHERE (merchant_id, pos_id, slot) = (
        SELECT merchant_id, pos_id, slot FROM sales_counts
        WHERE merchant_id = merchant AND pos_id = till
        LIMIT 1 FOR NO KEY UPDATE SKIP LOCKED
    );
    IF NOT FOUND THEN
        INSERT INTO sales_counts (merchant_id, pos_id, transactions, amount, amount_without_delivery)
        VALUES (merchant, till, more, sum, sum_without_delivery);
    END IF;
END
$$;

-- What a transaction adds to the sums of its till.
CREATE FUNCTION turnover(revises text, sum bigint) RETURNS bigint LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT CASE WHEN revises IS NULL THEN sum ELSE -abs(sum) END
$$;

CREATE FUNCTION count_inserted_sales() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM count_sales(merchant_id, till, number, gross, without_delivery) FROM (
        SELECT
            merchant_id,
            coalesce(pos_id, '00000000-0000-0000-0000-000000000000') AS till,
            count(*) AS number,
            sum(turnover(revises, gross))::bigint AS gross,
            sum(turnover(revises, gross_without_delivery))::bigint AS without_delivery
        FROM inserted GROUP BY 1, 2
    ) AS sold;
    RETURN NULL;
END
$$;

CREATE TRIGGER transactions_inserted AFTER INSERT ON transactions REFERENCING NEW TABLE AS inserted
    FOR EACH STATEMENT EXECUTE FUNCTION count_inserted_sales();

-- Transactions have events of their own, in the one feed of all events: `customer_id` is the id of the transaction then,
-- `version` is 0, which no customer ever has, `customer_number` is 0, and `record` is the transaction.
ALTER TABLE events ADD COLUMN subject text NOT NULL DEFAULT 'customer';
