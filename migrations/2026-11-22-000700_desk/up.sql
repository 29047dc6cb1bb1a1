SET LOCAL lock_timeout = '2s';

-- How many live customers came to be in each hour of universal time, kept by triggers on customers: years of days are
-- counted without looking at every customer. The count of an hour is the sum of its slots: a transaction adds to a slot
-- that no other transaction has changed and not yet settled, so that none waits.
CREATE TABLE registration_counts (
    merchant_id uuid NOT NULL,
    hour timestamptz NOT NULL,
    slot bigint GENERATED ALWAYS AS IDENTITY,
    live bigint NOT NULL,
    CONSTRAINT registration_counts_pkey PRIMARY KEY (merchant_id, hour, slot) INCLUDE (live)
);

CREATE FUNCTION count_registrations(merchant uuid, during timestamptz, change bigint) RETURNS void
LANGUAGE plpgsql AS $$
BEGIN
    UPDATE registration_counts SET live = live + change WHERE (merchant_id, hour, slot) = (
        SELECT merchant_id, hour, slot FROM registration_counts
        WHERE merchant_id = merchant AND hour = during
        LIMIT 1 FOR NO KEY UPDATE SKIP LOCKED
    );
    IF NOT FOUND THEN
        INSERT INTO registration_counts (merchant_id, hour, live) VALUES (merchant, during, change);
    END IF;
END
$$;

CREATE FUNCTION count_inserted_registrations() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM count_registrations(merchant_id, hour, people) FROM (
        SELECT merchant_id, date_trunc('hour', created_at, 'UTC') AS hour, count(*) AS people
        FROM inserted WHERE deleted_at IS NULL GROUP BY 1, 2
    ) AS born;
    RETURN NULL;
END
$$;

CREATE FUNCTION count_changed_registration() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.deleted_at IS NULL THEN
        PERFORM count_registrations(OLD.merchant_id, date_trunc('hour', OLD.created_at, 'UTC'), -1);
    END IF;
    IF NEW.deleted_at IS NULL THEN
        PERFORM count_registrations(NEW.merchant_id, date_trunc('hour', NEW.created_at, 'UTC'), 1);
    END IF;
    RETURN NULL;
END
$$;

CREATE FUNCTION count_deleted_registrations() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM count_registrations(merchant_id, hour, -people) FROM (
        SELECT merchant_id, date_trunc('hour', created_at, 'UTC') AS hour, count(*) AS people
        FROM deleted WHERE deleted_at IS NULL GROUP BY 1, 2
    ) AS gone;
    RETURN NULL;
END
$$;

CREATE TRIGGER customers_inserted_registrations AFTER INSERT ON customers REFERENCING NEW TABLE AS inserted
    FOR EACH STATEMENT EXECUTE FUNCTION count_inserted_registrations();
CREATE TRIGGER customers_changed_registration AFTER UPDATE ON customers FOR EACH ROW
    WHEN (
        OLD.deleted_at IS NULL IS DISTINCT FROM (NEW.deleted_at IS NULL)
        OR (NEW.deleted_at IS NULL AND OLD.created_at IS DISTINCT FROM NEW.created_at)
    )
    EXECUTE FUNCTION count_changed_registration();
CREATE TRIGGER customers_deleted_registrations AFTER DELETE ON customers REFERENCING OLD TABLE AS deleted
    FOR EACH STATEMENT EXECUTE FUNCTION count_deleted_registrations();

INSERT INTO registration_counts (merchant_id, hour, live)
SELECT merchant_id, date_trunc('hour', created_at, 'UTC'), count(*)
FROM customers WHERE deleted_at IS NULL GROUP BY 1, 2;

-- Who invited whom. The names are not copied: they are read from the customers, as they are now. The addresses are those
-- of people who may never become customers; they go when somebody of the row is forgotten.
CREATE TABLE invitations (
    merchant_id uuid NOT NULL,
    id uuid NOT NULL,
    referrer_id uuid NOT NULL,
    recipient_email text,
    recipient_email_key text,
    recipient_phone text,
    recipient_phone_key text,
    token_fingerprint bytea,
    customer_id uuid,
    status text NOT NULL,
    created_at timestamptz NOT NULL,
    CONSTRAINT invitations_pkey PRIMARY KEY (merchant_id, id),
    CONSTRAINT invitations_merchant_email_key UNIQUE (merchant_id, recipient_email_key),
    CONSTRAINT invitations_merchant_phone_key UNIQUE (merchant_id, recipient_phone_key),
    CONSTRAINT invitations_merchant_token_key UNIQUE (merchant_id, token_fingerprint),
    CONSTRAINT invitations_merchant_fkey FOREIGN KEY (merchant_id) REFERENCES merchants (id),
    CONSTRAINT invitations_status_check CHECK (status IN ('invited', 'registered', 'made_purchase'))
);
CREATE INDEX invitations_created_at_idx ON invitations (merchant_id, created_at, id);
CREATE INDEX invitations_referrer_idx ON invitations (merchant_id, referrer_id);
CREATE INDEX invitations_customer_idx ON invitations (merchant_id, customer_id) WHERE customer_id IS NOT NULL;
