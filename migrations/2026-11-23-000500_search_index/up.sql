SET LOCAL lock_timeout = '2s';

-- The texts that parts are looked for in, with their trigrams. A change of a customer does not write here: it leaves an
-- entry in customer_texts_due, which costs a twentieth of the trigrams, and whoever looks on behalf of the service
-- (`sort_in_customer_texts`) writes many of them at once. A search reads both: a row counts unless an entry waits for the
-- same customer, who is then looked at in customer_list. Values that a customer has no more are gone from here at once.
CREATE TABLE customer_texts (
    merchant_id uuid NOT NULL,
    customer_id uuid NOT NULL,
    created_at timestamptz NOT NULL,
    first_name text COLLATE "C",
    last_name text COLLATE "C",
    email text COLLATE "C",
    phone text COLLATE "C",
    card text COLLATE "C",
    city text COLLATE "C",
    postal_code text COLLATE "C",
    CONSTRAINT customer_texts_pkey PRIMARY KEY (merchant_id, customer_id)
);

-- Customers whose texts are new, changed or gone; one entry for each change, so that none can be lost to another.
CREATE TABLE customer_texts_due (
    merchant_id uuid NOT NULL,
    entry bigint GENERATED ALWAYS AS IDENTITY,
    customer_id uuid NOT NULL,
    CONSTRAINT customer_texts_due_pkey PRIMARY KEY (merchant_id, entry)
);

INSERT INTO customer_texts
SELECT merchant_id, customer_id, created_at, first_name, last_name, email, phone, card, city, postal_code
FROM customer_list;

-- New trigrams wait in a list of their own until the batch is whole.
CREATE INDEX customer_texts_idx ON customer_texts USING gin (
    first_name gin_trgm_ops, last_name gin_trgm_ops, email gin_trgm_ops, phone gin_trgm_ops, card gin_trgm_ops,
    city gin_trgm_ops, postal_code gin_trgm_ops
) WITH (gin_pending_list_limit = 65536);
DROP INDEX customer_list_texts_idx;

ALTER TABLE customer_texts SET (autovacuum_vacuum_scale_factor = 0.02, autovacuum_vacuum_insert_scale_factor = 0.02);
ALTER TABLE customer_texts_due SET (autovacuum_vacuum_scale_factor = 0.02, autovacuum_vacuum_threshold = 1000);

-- Writes the texts of at most so many entries, in one transaction, and says of how many; 0 while somebody else is at it.
-- Whoever changes the same customers never waits long for this: it gives up first, and nothing is lost. Entries are taken
-- by a range of their key, whatever PostgreSQL thinks of how many there are.
CREATE FUNCTION sort_in_customer_texts(most bigint) RETURNS bigint LANGUAGE plpgsql SECURITY DEFINER
SET search_path FROM CURRENT SET lock_timeout = '200ms' AS $$
DECLARE
    done bigint := 0;
    merchant uuid := '00000000-0000-0000-0000-000000000000';
    latest bigint;
    taken bigint;
    customers uuid[];
BEGIN
    IF NOT pg_try_advisory_xact_lock(7161955184726147) THEN
        RETURN 0;
    END IF;
    WHILE done < most LOOP
        SELECT due.merchant_id INTO merchant FROM customer_texts_due AS due
        WHERE due.merchant_id > merchant ORDER BY due.merchant_id LIMIT 1;
        EXIT WHEN NOT FOUND;
        SELECT max(due.entry) INTO latest FROM (
            SELECT entry FROM customer_texts_due WHERE merchant_id = merchant ORDER BY entry LIMIT most - done
        ) AS due;
        WITH gone AS (
            DELETE FROM customer_texts_due AS due WHERE due.merchant_id = merchant AND due.entry <= latest
            RETURNING due.customer_id
        )
        SELECT count(*), array_agg(DISTINCT customer_id) INTO taken, customers FROM gone;
        DELETE FROM customer_texts AS texts USING unnest(customers) AS due (customer_id)
        WHERE texts.merchant_id = merchant AND texts.customer_id = due.customer_id;
        INSERT INTO customer_texts
        SELECT merchant_id, customer_id, created_at, first_name, last_name, email, phone, card, city, postal_code
        FROM unnest(customers) AS due (customer) CROSS JOIN LATERAL (
            SELECT * FROM customer_list AS one
            WHERE one.merchant_id = merchant AND one.customer_id = due.customer OFFSET 0
        ) AS listed;
        done := done + taken;
    END LOOP;
    IF done > 0 THEN
        PERFORM gin_clean_pending_list('customer_texts_idx');
    END IF;
    RETURN done;
END
$$;

-- What lists have of a customer, for whoever has the record at hand; PostgreSQL takes the text of such a function into the
-- statement that calls it. The views read the same of all.
CREATE FUNCTION customer_list_of(customers) RETURNS SETOF customer_list LANGUAGE sql STABLE ROWS 1 AS $$
    SELECT
        $1.merchant_id,
        $1.id,
        $1.created_at,
        (uuid_hash_extended($1.id, 0) & 4095)::smallint,
        $1.status = 'active',
        lower(nullif($1.first_name, '') COLLATE "und-x-icu") COLLATE "C",
        lower(nullif($1.last_name, '') COLLATE "und-x-icu") COLLATE "C",
        lower(btrim($1.email) COLLATE "und-x-icu") COLLATE "C",
        lower(coalesce($1.phone, $1.mobile) COLLATE "und-x-icu") COLLATE "C",
        lower($1.loyalty_card COLLATE "und-x-icu") COLLATE "C",
        lower(($1.primary_address ->> 'city') COLLATE "und-x-icu") COLLATE "C",
        lower(($1.primary_address ->> 'postal_code') COLLATE "und-x-icu") COLLATE "C",
        $1.gender COLLATE "C",
        $1.birth_date,
        $1.level_id,
        CASE WHEN $1.level_is_manual THEN $1.level_id END,
        $1.pos_id,
        $1.seller_id,
        CASE WHEN $1.labels <> '[]'::jsonb THEN label_terms($1.labels) END
    WHERE num_nulls($1.deleted_at) = 1
$$;

CREATE FUNCTION customer_figures_of(customers) RETURNS SETOF customer_figures LANGUAGE sql STABLE ROWS 1 AS $$
    SELECT
        $1.merchant_id,
        $1.created_at,
        $1.id,
        (uuid_hash_extended($1.id, 0) & 4095)::smallint,
        $1.purchase_count,
        $1.purchase_amount,
        CASE WHEN $1.purchase_count = 0 THEN 0 ELSE $1.purchase_amount::numeric / $1.purchase_count END,
        $1.last_purchase_at
    WHERE num_nulls($1.deleted_at) = 1
$$;

CREATE FUNCTION customer_updates_of(customers) RETURNS SETOF customer_updates LANGUAGE sql STABLE ROWS 1 AS $$
    SELECT
        $1.merchant_id,
        $1.updated_at,
        $1.created_at,
        $1.id,
        (uuid_hash_extended($1.id, 0) & 4095)::smallint
    WHERE num_nulls($1.deleted_at) = 1
$$;

CREATE OR REPLACE VIEW customer_list_source AS
SELECT listed.* FROM customers CROSS JOIN LATERAL customer_list_of(customers) AS listed;
CREATE OR REPLACE VIEW customer_figures_source AS
SELECT figures.* FROM customers CROSS JOIN LATERAL customer_figures_of(customers) AS figures;
CREATE OR REPLACE VIEW customer_updates_source AS
SELECT updates.* FROM customers CROSS JOIN LATERAL customer_updates_of(customers) AS updates;

DROP TRIGGER customers_inserted ON customers;
DROP FUNCTION list_inserted_customer();
DROP FUNCTION list_customer(uuid, uuid);

-- All customers of a statement in one go, from the rows themselves: a call and a look-up for each takes a fifth of the
-- time of an import, and on a young table PostgreSQL may think any index as good as another for finding one.
CREATE FUNCTION list_inserted_customers() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO customer_list SELECT listed.* FROM inserted CROSS JOIN LATERAL customer_list_of(inserted) AS listed;
    INSERT INTO customer_figures
    SELECT figures.* FROM inserted CROSS JOIN LATERAL customer_figures_of(inserted) AS figures;
    INSERT INTO customer_updates
    SELECT updates.* FROM inserted CROSS JOIN LATERAL customer_updates_of(inserted) AS updates;
    INSERT INTO customer_texts_due (merchant_id, customer_id)
    SELECT merchant_id, id FROM inserted WHERE deleted_at IS NULL;
    RETURN NULL;
END
$$;
CREATE TRIGGER customers_listed AFTER INSERT ON customers REFERENCING NEW TABLE AS inserted
    FOR EACH STATEMENT EXECUTE FUNCTION list_inserted_customers();

CREATE FUNCTION forget_customer_texts(merchant uuid, customer uuid) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    DELETE FROM customer_texts WHERE merchant_id = merchant AND customer_id = customer;
    INSERT INTO customer_texts_due (merchant_id, customer_id) VALUES (merchant, customer);
END
$$;

CREATE FUNCTION retext_customer() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM forget_customer_texts(NEW.merchant_id, NEW.id);
    RETURN NULL;
END
$$;
CREATE TRIGGER customers_retexted AFTER UPDATE ON customers FOR EACH ROW
    WHEN (
        OLD.deleted_at IS NULL AND NEW.deleted_at IS NULL
        AND (
            OLD.created_at IS DISTINCT FROM NEW.created_at
            OR OLD.first_name IS DISTINCT FROM NEW.first_name
            OR OLD.last_name IS DISTINCT FROM NEW.last_name
            OR OLD.email IS DISTINCT FROM NEW.email
            OR OLD.phone IS DISTINCT FROM NEW.phone
            OR OLD.mobile IS DISTINCT FROM NEW.mobile
            OR OLD.loyalty_card IS DISTINCT FROM NEW.loyalty_card
            OR OLD.primary_address IS DISTINCT FROM NEW.primary_address
        )
    )
    EXECUTE FUNCTION retext_customer();

CREATE OR REPLACE FUNCTION list_moved_customer() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.deleted_at IS NULL THEN
        PERFORM count_customers(OLD.merchant_id, OLD.level_id, -1);
    END IF;
    IF NEW.deleted_at IS NULL THEN
        PERFORM count_customers(NEW.merchant_id, NEW.level_id, 1);
    END IF;
    IF OLD.deleted_at IS NULL AND NEW.deleted_at IS NOT NULL THEN
        DELETE FROM customer_list WHERE merchant_id = OLD.merchant_id AND customer_id = OLD.id;
        DELETE FROM customer_figures
        WHERE merchant_id = OLD.merchant_id AND created_at = OLD.created_at AND customer_id = OLD.id;
        DELETE FROM customer_updates WHERE merchant_id = OLD.merchant_id AND updated_at = OLD.updated_at
            AND created_at = OLD.created_at AND customer_id = OLD.id;
        PERFORM forget_customer_texts(OLD.merchant_id, OLD.id);
    ELSIF OLD.deleted_at IS NOT NULL AND NEW.deleted_at IS NULL THEN
        INSERT INTO customer_list SELECT * FROM customer_list_of(NEW);
        INSERT INTO customer_figures SELECT * FROM customer_figures_of(NEW);
        INSERT INTO customer_updates SELECT * FROM customer_updates_of(NEW);
        INSERT INTO customer_texts_due (merchant_id, customer_id) VALUES (NEW.merchant_id, NEW.id);
    END IF;
    RETURN NULL;
END
$$;

CREATE OR REPLACE FUNCTION list_deleted_customers() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    DELETE FROM customer_list AS listed USING deleted
    WHERE listed.merchant_id = deleted.merchant_id AND listed.customer_id = deleted.id;
    DELETE FROM customer_figures AS listed USING deleted
    WHERE listed.merchant_id = deleted.merchant_id AND listed.created_at = deleted.created_at
        AND listed.customer_id = deleted.id;
    DELETE FROM customer_updates AS listed USING deleted
    WHERE listed.merchant_id = deleted.merchant_id AND listed.updated_at = deleted.updated_at
        AND listed.created_at = deleted.created_at AND listed.customer_id = deleted.id;
    DELETE FROM customer_texts AS texts USING deleted
    WHERE texts.merchant_id = deleted.merchant_id AND texts.customer_id = deleted.id;
    INSERT INTO customer_texts_due (merchant_id, customer_id) SELECT merchant_id, id FROM deleted;
    PERFORM count_customers(merchant_id, level_id, -count(*)) FROM deleted WHERE deleted_at IS NULL
        GROUP BY merchant_id, level_id;
    RETURN NULL;
END
$$;

CREATE OR REPLACE FUNCTION list_sold_to_customer() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE customer_figures SET (created_at, purchase_count, purchase_amount, purchase_average, last_purchase_at) = (
        SELECT created_at, purchase_count, purchase_amount, purchase_average, last_purchase_at
        FROM customer_figures_of(NEW)
    )
    WHERE merchant_id = OLD.merchant_id AND created_at = OLD.created_at AND customer_id = OLD.id;
    RETURN NULL;
END
$$;

CREATE OR REPLACE FUNCTION list_changed_customer() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE customer_list SET (
        created_at, active, first_name, last_name, email, phone, card, city, postal_code, gender, birth_date,
        level_id, manual_level_id, pos_id, seller_id, labels
    ) = (
        SELECT
            created_at, active, first_name, last_name, email, phone, card, city, postal_code, gender,
            birth_date, level_id, manual_level_id, pos_id, seller_id, labels
        FROM customer_list_of(NEW)
    )
    WHERE merchant_id = OLD.merchant_id AND customer_id = OLD.id;
    RETURN NULL;
END
$$;

-- What is written with every customer locked the merchant's row for each event and each message on top of the customer's
-- own lock, a quarter of the time of an import. Events and messages are written with their customer, whose merchant is
-- checked, and merchants are not deleted.
ALTER TABLE events DROP CONSTRAINT events_merchant_fkey;
ALTER TABLE messages DROP CONSTRAINT messages_merchant_fkey;
