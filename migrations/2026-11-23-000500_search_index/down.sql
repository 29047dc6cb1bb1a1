SET LOCAL lock_timeout = '2s';

ALTER TABLE messages ADD CONSTRAINT messages_merchant_fkey FOREIGN KEY (merchant_id) REFERENCES merchants (id);
ALTER TABLE events ADD CONSTRAINT events_merchant_fkey FOREIGN KEY (merchant_id) REFERENCES merchants (id);

DROP TRIGGER customers_retexted ON customers;
DROP FUNCTION retext_customer();
DROP TRIGGER customers_listed ON customers;
DROP FUNCTION list_inserted_customers();

CREATE OR REPLACE VIEW customer_list_source AS
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

CREATE OR REPLACE VIEW customer_figures_source AS
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

CREATE OR REPLACE VIEW customer_updates_source AS
SELECT
    merchant_id,
    updated_at,
    created_at,
    id AS customer_id,
    (uuid_hash_extended(id, 0) & 4095)::smallint AS lot
FROM customers
WHERE num_nulls(deleted_at) = 1;

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

CREATE TRIGGER customers_inserted AFTER INSERT ON customers FOR EACH ROW
    WHEN (NEW.deleted_at IS NULL) EXECUTE FUNCTION list_inserted_customer();

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
    ELSIF OLD.deleted_at IS NOT NULL AND NEW.deleted_at IS NULL THEN
        PERFORM list_customer(NEW.merchant_id, NEW.id);
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
    PERFORM count_customers(merchant_id, level_id, -count(*)) FROM deleted WHERE deleted_at IS NULL
        GROUP BY merchant_id, level_id;
    RETURN NULL;
END
$$;

CREATE OR REPLACE FUNCTION list_sold_to_customer() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE customer_figures SET (created_at, purchase_count, purchase_amount, purchase_average, last_purchase_at) = (
        SELECT created_at, purchase_count, purchase_amount, purchase_average, last_purchase_at
        FROM customer_figures_source WHERE merchant_id = NEW.merchant_id AND customer_id = NEW.id
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
        FROM customer_list_source WHERE merchant_id = NEW.merchant_id AND customer_id = NEW.id
    )
    WHERE merchant_id = OLD.merchant_id AND customer_id = OLD.id;
    RETURN NULL;
END
$$;

DROP FUNCTION customer_updates_of(customers);
DROP FUNCTION customer_figures_of(customers);
DROP FUNCTION customer_list_of(customers);
DROP FUNCTION forget_customer_texts(uuid, uuid);
DROP FUNCTION sort_in_customer_texts(bigint);

-- What is new waits in a list until it is worth sorting in. Every search reads that list, so it must stay short.
CREATE INDEX customer_list_texts_idx ON customer_list USING gin (
    first_name gin_trgm_ops, last_name gin_trgm_ops, email gin_trgm_ops, phone gin_trgm_ops, card gin_trgm_ops,
    city gin_trgm_ops, postal_code gin_trgm_ops
) WITH (gin_pending_list_limit = 256);
DROP TABLE customer_texts_due;
DROP TABLE customer_texts;
