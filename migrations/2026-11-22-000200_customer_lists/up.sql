SET LOCAL lock_timeout = '2s';

-- Parts of texts are found through their trigrams.
CREATE EXTENSION IF NOT EXISTS pg_trgm;

-- What lists are sorted and filtered by, one row for each live customer, kept by triggers on customers. Texts are in
-- lower case, as they are compared; an empty name is none. A change of anything else leaves these rows alone, so
-- that most updates of customers stay within their page. Lots are drawn, from 0 to 4095, and kept: what a filter finds
-- among the low ones tells how much it finds in all.
CREATE TABLE customer_list (
    merchant_id uuid NOT NULL,
    customer_id uuid NOT NULL,
    created_at timestamptz NOT NULL,
    lot smallint NOT NULL,
    active boolean NOT NULL,
    first_name text COLLATE "C",
    last_name text COLLATE "C",
    email text COLLATE "C",
    phone text COLLATE "C",
    card text COLLATE "C",
    city text COLLATE "C",
    postal_code text COLLATE "C",
    gender text COLLATE "C",
    birth_date timestamptz,
    level_id uuid,
    manual_level_id uuid,
    pos_id uuid,
    seller_id uuid,
    labels text[],
    CONSTRAINT customer_list_pkey PRIMARY KEY (merchant_id, customer_id)
);

-- What changes with every sale. Its key is the order in which lists are shown by default.
CREATE TABLE customer_figures (
    merchant_id uuid NOT NULL,
    created_at timestamptz NOT NULL,
    customer_id uuid NOT NULL,
    lot smallint NOT NULL,
    purchase_count bigint NOT NULL,
    purchase_amount bigint NOT NULL,
    purchase_average numeric NOT NULL,
    last_purchase_at timestamptz,
    CONSTRAINT customer_figures_pkey PRIMARY KEY (merchant_id, created_at, customer_id)
);

-- What changes with every change: an index of it on customers would make each change write into all indexes there.
CREATE TABLE customer_updates (
    merchant_id uuid NOT NULL,
    updated_at timestamptz NOT NULL,
    created_at timestamptz NOT NULL,
    customer_id uuid NOT NULL,
    lot smallint NOT NULL,
    CONSTRAINT customer_updates_pkey PRIMARY KEY (merchant_id, updated_at, created_at, customer_id)
);

-- How many live customers each level has; the nil id stands for none. The count of a level is the sum of its slots: a
-- transaction adds to a slot that no other transaction has changed and not yet settled, so that none waits.
CREATE TABLE customer_counts (
    merchant_id uuid NOT NULL,
    level_id uuid NOT NULL,
    slot bigint GENERATED ALWAYS AS IDENTITY,
    live bigint NOT NULL,
    CONSTRAINT customer_counts_pkey PRIMARY KEY (merchant_id, level_id, slot)
) WITH (fillfactor = 50);

-- What labels are found by: each key alone, and each key with its value, in lower case.
CREATE FUNCTION label_terms(labels jsonb) RETURNS text[] LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT array_agg(DISTINCT term)
    FROM jsonb_array_elements(labels) AS label (entry),
        lower((entry ->> 'key') COLLATE "und-x-icu") AS name,
        lower((entry ->> 'value') COLLATE "und-x-icu") AS content,
        unnest(ARRAY[jsonb_build_array(name)::text, jsonb_build_array(name, content)::text]) AS term
$$;

-- What a live customer's row in customer_list is. Put like this, the condition fits no partial index: on young tables one
-- of them would look as good for finding one customer as the primary key, and be read from end to end.
CREATE VIEW customer_list_source AS
SELECT
    merchant_id,
    id AS customer_id,
    created_at,
    (uuid_hash_extended(id, 0) & 4095)::smallint AS lot,
    status = 'active' AS active,
    lower(nullif(first_name, '') COLLATE "und-x-icu") COLLATE "C" AS first_name,
    lower(nullif(last_name, '') COLLATE "und-x-icu") COLLATE "C" AS last_name,
    lower(btrim(email) COLLATE "und-x-icu") COLLATE "C" AS email,
    lower(coalesce(phone, mobile) COLLATE "und-x-icu") COLLATE "C" AS phone,
    lower(loyalty_card COLLATE "und-x-icu") COLLATE "C" AS card,
    lower((primary_address ->> 'city') COLLATE "und-x-icu") COLLATE "C" AS city,
    lower((primary_address ->> 'postal_code') COLLATE "und-x-icu") COLLATE "C" AS postal_code,
    gender COLLATE "C" AS gender,
    birth_date,
    level_id,
    CASE WHEN level_is_manual THEN level_id END AS manual_level_id,
    pos_id,
    seller_id,
    CASE WHEN labels <> '[]'::jsonb THEN label_terms(labels) END AS labels
FROM customers
WHERE num_nulls(deleted_at) = 1;

CREATE VIEW customer_figures_source AS
SELECT
    merchant_id,
    created_at,
    id AS customer_id,
    (uuid_hash_extended(id, 0) & 4095)::smallint AS lot,
    purchase_count,
    purchase_amount,
    CASE WHEN purchase_count = 0 THEN 0 ELSE purchase_amount::numeric / purchase_count END AS purchase_average,
    last_purchase_at
FROM customers
WHERE num_nulls(deleted_at) = 1;

CREATE VIEW customer_updates_source AS
SELECT
    merchant_id,
    updated_at,
    created_at,
    id AS customer_id,
    (uuid_hash_extended(id, 0) & 4095)::smallint AS lot
FROM customers
WHERE num_nulls(deleted_at) = 1;

-- Adds to the count of a level.
CREATE FUNCTION count_customers(merchant uuid, level uuid, change bigint) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    UPDATE customer_counts SET live = live + change WHERE (merchant_id, level_id, slot) = (
        SELECT merchant_id, level_id, slot FROM customer_counts
        WHERE merchant_id = merchant AND level_id = coalesce(level, '00000000-0000-0000-0000-000000000000')
        LIMIT 1 FOR NO KEY UPDATE SKIP LOCKED
    );
    IF NOT FOUND THEN
        INSERT INTO customer_counts (merchant_id, level_id, live)
        VALUES (merchant, coalesce(level, '00000000-0000-0000-0000-000000000000'), change);
    END IF;
END
$$;

-- Told once for each statement, however many customers it brings: each call leaves one more version of its slot behind.
CREATE FUNCTION count_inserted_customers() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM count_customers(merchant_id, level_id, count(*)) FROM inserted WHERE deleted_at IS NULL
        GROUP BY merchant_id, level_id;
    RETURN NULL;
END
$$;

CREATE FUNCTION list_customer(merchant uuid, customer uuid) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO customer_list SELECT * FROM customer_list_source
    WHERE merchant_id = merchant AND customer_id = customer;
    INSERT INTO customer_figures SELECT * FROM customer_figures_source
    WHERE merchant_id = merchant AND customer_id = customer;
    INSERT INTO customer_updates SELECT * FROM customer_updates_source
    WHERE merchant_id = merchant AND customer_id = customer;
END
$$;

CREATE FUNCTION list_inserted_customer() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM list_customer(NEW.merchant_id, NEW.id);
    RETURN NULL;
END
$$;

-- Whatever else changed, the time of the change did.
CREATE FUNCTION list_touched_customer() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE customer_updates SET updated_at = NEW.updated_at, created_at = NEW.created_at
    WHERE merchant_id = OLD.merchant_id AND updated_at = OLD.updated_at AND created_at = OLD.created_at
        AND customer_id = OLD.id;
    RETURN NULL;
END
$$;

CREATE FUNCTION list_sold_to_customer() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE customer_figures SET (created_at, purchase_count, purchase_amount, purchase_average, last_purchase_at) = (
        SELECT created_at, purchase_count, purchase_amount, purchase_average, last_purchase_at
        FROM customer_figures_source WHERE merchant_id = NEW.merchant_id AND customer_id = NEW.id
    )
    WHERE merchant_id = OLD.merchant_id AND created_at = OLD.created_at AND customer_id = OLD.id;
    RETURN NULL;
END
$$;

CREATE FUNCTION list_changed_customer() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE customer_list SET (
        created_at, active, first_name, last_name, email, phone, card, city, postal_code, gender, birth_date,
        level_id, manual_level_id, pos_id, seller_id, labels
    ) = (
        SELECT
            created_at, active, first_name, last_name, email, phone, card, city, postal_code, gender,
            birth_date, level_id, manual_level_id, pos_id, seller_id, labels
        FROM customer_list_source WHERE merchant_id = NEW.merchant_id AND customer_id = NEW.id
    )
    WHERE merchant_id = OLD.merchant_id AND customer_id = OLD.id;
    RETURN NULL;
END
$$;

-- Comes, goes, or moves to another level.
CREATE FUNCTION list_moved_customer() RETURNS trigger LANGUAGE plpgsql AS $$
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
    ELSIF OLD.deleted_at IS NOT NULL AND NEW.deleted_at IS NULL THEN
        PERFORM list_customer(NEW.merchant_id, NEW.id);
    END IF;
    RETURN NULL;
END
$$;

CREATE FUNCTION list_deleted_customers() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    DELETE FROM customer_list AS listed USING deleted
    WHERE listed.merchant_id = deleted.merchant_id AND listed.customer_id = deleted.id;
    DELETE FROM customer_figures AS listed USING deleted
    WHERE listed.merchant_id = deleted.merchant_id AND listed.created_at = deleted.created_at
        AND listed.customer_id = deleted.id;
    DELETE FROM customer_updates AS listed USING deleted
    WHERE listed.merchant_id = deleted.merchant_id AND listed.updated_at = deleted.updated_at
        AND listed.created_at = deleted.created_at AND listed.customer_id = deleted.id;
    PERFORM count_customers(merchant_id, level_id, -count(*)) FROM deleted WHERE deleted_at IS NULL
        GROUP BY merchant_id, level_id;
    RETURN NULL;
END
$$;

CREATE TRIGGER customers_inserted AFTER INSERT ON customers FOR EACH ROW
    WHEN (NEW.deleted_at IS NULL) EXECUTE FUNCTION list_inserted_customer();
CREATE TRIGGER customers_counted AFTER INSERT ON customers REFERENCING NEW TABLE AS inserted
    FOR EACH STATEMENT EXECUTE FUNCTION count_inserted_customers();

CREATE TRIGGER customers_touched AFTER UPDATE ON customers FOR EACH ROW
    WHEN (
        OLD.deleted_at IS NULL AND NEW.deleted_at IS NULL
        AND (OLD.updated_at IS DISTINCT FROM NEW.updated_at OR OLD.created_at IS DISTINCT FROM NEW.created_at)
    )
    EXECUTE FUNCTION list_touched_customer();
CREATE TRIGGER customers_sold_to AFTER UPDATE ON customers FOR EACH ROW
    WHEN (
        OLD.deleted_at IS NULL AND NEW.deleted_at IS NULL
        AND (
            OLD.purchase_count IS DISTINCT FROM NEW.purchase_count
            OR OLD.purchase_amount IS DISTINCT FROM NEW.purchase_amount
            OR OLD.last_purchase_at IS DISTINCT FROM NEW.last_purchase_at
            OR OLD.created_at IS DISTINCT FROM NEW.created_at
        )
    )
    EXECUTE FUNCTION list_sold_to_customer();
CREATE TRIGGER customers_changed AFTER UPDATE ON customers FOR EACH ROW
    WHEN (
        OLD.deleted_at IS NULL AND NEW.deleted_at IS NULL
        AND (
            OLD.created_at IS DISTINCT FROM NEW.created_at
            OR OLD.status IS DISTINCT FROM NEW.status
            OR OLD.first_name IS DISTINCT FROM NEW.first_name
            OR OLD.last_name IS DISTINCT FROM NEW.last_name
            OR OLD.email IS DISTINCT FROM NEW.email
            OR OLD.phone IS DISTINCT FROM NEW.phone
            OR OLD.mobile IS DISTINCT FROM NEW.mobile
            OR OLD.loyalty_card IS DISTINCT FROM NEW.loyalty_card
            OR OLD.primary_address IS DISTINCT FROM NEW.primary_address
            OR OLD.gender IS DISTINCT FROM NEW.gender
            OR OLD.birth_date IS DISTINCT FROM NEW.birth_date
            OR OLD.level_id IS DISTINCT FROM NEW.level_id
            OR OLD.level_is_manual IS DISTINCT FROM NEW.level_is_manual
            OR OLD.pos_id IS DISTINCT FROM NEW.pos_id
            OR OLD.seller_id IS DISTINCT FROM NEW.seller_id
            OR OLD.labels IS DISTINCT FROM NEW.labels
        )
    )
    EXECUTE FUNCTION list_changed_customer();
CREATE TRIGGER customers_moved AFTER UPDATE ON customers FOR EACH ROW
    WHEN (
        OLD.deleted_at IS NULL IS DISTINCT FROM (NEW.deleted_at IS NULL)
        OR (NEW.deleted_at IS NULL AND OLD.level_id IS DISTINCT FROM NEW.level_id)
    )
    EXECUTE FUNCTION list_moved_customer();
CREATE TRIGGER customers_deleted AFTER DELETE ON customers REFERENCING OLD TABLE AS deleted
    FOR EACH STATEMENT EXECUTE FUNCTION list_deleted_customers();

INSERT INTO customer_list SELECT * FROM customer_list_source;
INSERT INTO customer_figures SELECT * FROM customer_figures_source;
INSERT INTO customer_updates SELECT * FROM customer_updates_source;
INSERT INTO customer_counts (merchant_id, level_id, live)
SELECT merchant_id, coalesce(level_id, '00000000-0000-0000-0000-000000000000'), count(*)
FROM customer_list GROUP BY merchant_id, level_id;

-- One index for each order; read backwards it serves the other direction.
CREATE INDEX customer_list_created_at_idx ON customer_list (merchant_id, created_at, customer_id);
CREATE INDEX customer_list_active_idx ON customer_list (merchant_id, active, created_at, customer_id);
CREATE INDEX customer_list_first_name_idx ON customer_list (merchant_id, first_name, created_at, customer_id);
CREATE INDEX customer_list_last_name_idx ON customer_list (merchant_id, last_name, created_at, customer_id);
CREATE INDEX customer_list_email_idx ON customer_list (merchant_id, email, created_at, customer_id);
CREATE INDEX customer_list_phone_idx ON customer_list (merchant_id, phone, created_at, customer_id);
CREATE INDEX customer_list_card_idx ON customer_list (merchant_id, card, created_at, customer_id);
CREATE INDEX customer_list_gender_idx ON customer_list (merchant_id, gender, created_at, customer_id);
CREATE INDEX customer_list_birth_date_idx ON customer_list (merchant_id, birth_date, created_at, customer_id);
CREATE INDEX customer_list_level_idx ON customer_list (merchant_id, level_id, created_at, customer_id);
CREATE INDEX customer_list_manual_level_idx ON customer_list (merchant_id, manual_level_id, created_at, customer_id);
CREATE INDEX customer_list_pos_idx ON customer_list (merchant_id, pos_id, created_at, customer_id);
CREATE INDEX customer_list_seller_idx ON customer_list (merchant_id, seller_id, created_at, customer_id);
CREATE INDEX customer_figures_count_idx ON customer_figures (merchant_id, purchase_count, created_at, customer_id);
CREATE INDEX customer_figures_amount_idx ON customer_figures (merchant_id, purchase_amount, created_at, customer_id);
CREATE INDEX customer_figures_average_idx ON customer_figures (merchant_id, purchase_average, created_at, customer_id);
CREATE INDEX customer_figures_last_purchase_idx ON customer_figures
    (merchant_id, last_purchase_at, created_at, customer_id);

-- What is new waits in a list until it is worth sorting in. Every search reads that list, so it must stay short.
CREATE INDEX customer_list_texts_idx ON customer_list USING gin (
    first_name gin_trgm_ops, last_name gin_trgm_ops, email gin_trgm_ops, phone gin_trgm_ops, card gin_trgm_ops,
    city gin_trgm_ops, postal_code gin_trgm_ops
) WITH (gin_pending_list_limit = 256);
CREATE INDEX customer_list_labels_idx ON customer_list USING gin (labels) WHERE labels IS NOT NULL;

-- Small, and whole, so that what is in the sample is told without a look at the tables.
CREATE INDEX customer_list_sample_idx ON customer_list (merchant_id, lot)
    INCLUDE (
        customer_id, created_at, first_name, last_name, email, phone, card, city, postal_code, manual_level_id, labels
    )
    WHERE lot < 512;
CREATE INDEX customer_figures_sample_idx ON customer_figures (merchant_id, lot)
    INCLUDE (customer_id, created_at, purchase_count, purchase_amount, purchase_average, last_purchase_at)
    WHERE lot < 512;
CREATE INDEX customer_updates_sample_idx ON customer_updates (merchant_id, lot) INCLUDE (updated_at) WHERE lot < 512;

-- Whole pages of an order are passed over quickly where nothing has been written since the last vacuum.
ALTER TABLE customer_list SET (autovacuum_vacuum_scale_factor = 0.02, autovacuum_vacuum_insert_scale_factor = 0.02);
ALTER TABLE customer_figures SET (autovacuum_vacuum_scale_factor = 0.02, autovacuum_vacuum_insert_scale_factor = 0.02);
ALTER TABLE customer_updates SET (autovacuum_vacuum_scale_factor = 0.02, autovacuum_vacuum_insert_scale_factor = 0.02);
ALTER TABLE customer_counts SET (autovacuum_vacuum_scale_factor = 0.02, autovacuum_vacuum_threshold = 1000);
