-- A merchant's customers as they might be, made fast: without triggers and indexes, which come back at the end. Names
-- are shared unevenly, one in sixteen is called Kowalski, and all mailboxes are at five domains.
-- Variables of psql: `customers`, how many; `merchant`, whose.
\set ON_ERROR_STOP on
SET synchronous_commit = off;
SET maintenance_work_mem = '512MB';
SET session_replication_role = replica;

CREATE TABLE bench_tables AS
SELECT unnest(ARRAY['customers', 'customer_list', 'customer_figures', 'customer_updates', 'customer_texts']) AS name;
CREATE TABLE bench_indexes AS
SELECT indexname AS name, indexdef AS definition FROM pg_indexes
WHERE tablename IN (SELECT name FROM bench_tables)
    AND indexname NOT IN (SELECT conname FROM pg_constraint);
DO $$
DECLARE
    index_name text;
BEGIN
    FOR index_name IN SELECT name FROM bench_indexes LOOP
        EXECUTE format('DROP INDEX %I', index_name);
    END LOOP;
END
$$;

CREATE TABLE bench_names AS
SELECT
    ARRAY[
        'ada', 'zofia', 'maja', 'hanna', 'ayla', 'noor', 'ines', 'freya', 'lucia', 'chiara', 'elise', 'petra', 'ivana',
        'olena', 'siobhan', 'greta', 'jan', 'antoni', 'jakub', 'omar', 'luka', 'mateo', 'dario', 'emile', 'taras',
        'ruairi', 'jonas', 'piotr', 'marko', 'yusuf', 'felix', 'żaneta'
    ] AS first,
    array_agg(
        (ARRAY[
            'kow', 'now', 'wis', 'hor', 'byr', 'oka', 'mul', 'gar', 'ros', 'dub', 'she', 'nei', 'lar', 'had', 'san',
            'zie', 'kov', 'ber', 'mor', 'wal', 'fer', 'lew', 'maz', 'jab', 'krz', 'szy', 'woz', 'koz', 'jan', 'pie'
        ])[1 + n % 30]
        || (ARRAY['al', 'ak', 'in', 'ov', 'er', 'ot', 'en', 'ar', 'el', 'os', 'un', 'im'])[1 + n / 30 % 12]
        || (ARRAY[
            'ski', 'czyk', 'ic', 'ska', 'son', 'man', 'berg', 'ez', 'ova', 'sen', 'ini', 'ak', 'uk', 'enko'
        ])[1 + n / 360 % 14] ORDER BY n
    ) AS last
FROM generate_series(0, 5039) AS n;

-- Rows from a first number on. `dice` are even, and the same for the same number.
CREATE FUNCTION bench_customers(merchant uuid, start bigint, count bigint) RETURNS SETOF bigint LANGUAGE sql AS $$
    INSERT INTO customers (
        merchant_id, id, number, wallet_id, version, first_name, last_name, email, email_key, phone, phone_key,
        loyalty_card, card_key, application_references, primary_address, gender, birth_date, labels, tags, metadata,
        agrees_to_terms, accepts_marketing, agrees_to_third, wallet_status, wallet_set_by, status, level_id,
        level_is_manual, pos_id, seller_id, push_tokens, purchase_count, purchase_amount,
        purchase_amount_without_delivery, purchase_amount_excluded, last_purchase_at, created_at, updated_at
    )
    SELECT
        merchant,
        (lpad(to_hex(1600000000000 + n * 95000), 12, '0') || '7' || left(md5(n::text), 3) || '8'
            || substr(md5(n::text), 4, 15))::uuid,
        10000000 + n,
        md5('wallet' || n)::uuid,
        1,
        initcap(first_name),
        last_name,
        mailbox,
        mailbox,
        '+48' || 500000000 + n * 7919 % 400000000,
        '48' || 500000000 + n * 7919 % 400000000,
        card,
        card,
        '{}',
        jsonb_build_object(
            'street', 'Harbour Road', 'house', '18', 'country', 'PL',
            'city', (ARRAY['Warszawa', 'Wrocław', 'Zagreb', 'Geelong', 'Kyiv', 'Berlin', 'Lyon', 'Cork'])[1 + dice % 8],
            'postal_code', lpad((dice / 8 % 5000)::text, 5, '0')
        ),
        CASE WHEN dice % 5 = 0 THEN NULL WHEN dice % 2 = 0 THEN 'male' ELSE 'female' END,
        '1940-01-01'::timestamptz + dice / 7 % 25000 * interval '1 day',
        CASE WHEN dice % 10 = 0
            THEN jsonb_build_array(jsonb_build_object('key', 'source', 'value', 'import' || dice / 10 % 500))
            ELSE '[]'
        END,
        '{}',
        '{}',
        TRUE,
        TRUE,
        FALSE,
        'active',
        'institution',
        CASE dice % 20 WHEN 0 THEN 'blocked' WHEN 1 THEN 'new' ELSE 'active' END,
        level,
        level IS NOT NULL AND dice % 40 = 7,
        CASE WHEN dice % 3 = 0 THEN md5('pos' || dice % 50)::uuid END,
        CASE WHEN dice % 11 = 0 THEN md5('seller' || dice % 200)::uuid END,
        '{}',
        bought,
        bought * (dice % 3000) * 10000,
        bought * (dice % 3000) * 10000,
        0,
        CASE WHEN bought > 0 THEN now() - dice / 13 % 700 * interval '1 day' - dice % 86400 * interval '1 second' END,
        to_timestamp(1600000000 + n * 95),
        to_timestamp(1600000000 + n * 95)
    FROM (
        SELECT
            n,
            dice,
            names.first[1 + dice % 32] AS first_name,
            CASE WHEN dice % 16 = 3 THEN 'Kowalski'
                ELSE initcap(names.last[1 + (power(dice / 16 % 10007 / 10007.0, 2) * 5039)::int])
            END AS last_name,
            names.first[1 + dice % 32] || '.' || n || '@'
                || (ARRAY['example.com', 'gmail.test', 'poczta.test', 'firma.test', 'mail.test'])[
                    1 + least(4, dice / 3 % 7)
                ] AS mailbox,
            CASE WHEN n % 3 = 0 THEN '1' || lpad((n * 31 % 1000000000)::text, 9, '0') END AS card,
            CASE WHEN dice % 5 < 3 THEN 0 ELSE 1 + dice / 31 % 20 END AS bought,
            (SELECT id FROM levels WHERE merchant_id = merchant ORDER BY id OFFSET dice / 5 % 10 LIMIT 1) AS level
        FROM (
            SELECT n, abs(hashint8(n)::bigint) AS dice FROM generate_series(start, start + count - 1) AS n
        ) AS thrown, bench_names AS names
    ) AS people
    RETURNING number
$$;

SELECT count(*) FROM bench_customers(:'merchant', 1, :customers);
INSERT INTO customer_list SELECT * FROM customer_list_source WHERE merchant_id = :'merchant' ON CONFLICT DO NOTHING;
INSERT INTO customer_figures SELECT * FROM customer_figures_source WHERE merchant_id = :'merchant' ON CONFLICT DO NOTHING;
INSERT INTO customer_updates SELECT * FROM customer_updates_source WHERE merchant_id = :'merchant' ON CONFLICT DO NOTHING;
INSERT INTO customer_texts
SELECT merchant_id, customer_id, created_at, first_name, last_name, email, phone, card, city, postal_code
FROM customer_list WHERE merchant_id = :'merchant' ON CONFLICT DO NOTHING;
DELETE FROM customer_counts WHERE merchant_id = :'merchant';
INSERT INTO customer_counts (merchant_id, level_id, live)
SELECT merchant_id, coalesce(level_id, '00000000-0000-0000-0000-000000000000'), count(*)
FROM customer_list WHERE merchant_id = :'merchant' GROUP BY merchant_id, level_id;

DO $$
DECLARE
    definition text;
BEGIN
    FOR definition IN SELECT bench_indexes.definition FROM bench_indexes LOOP
        EXECUTE definition;
    END LOOP;
END
$$;
