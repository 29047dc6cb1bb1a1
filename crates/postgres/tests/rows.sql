-- Enough customers of the merchant MERCHANT for lists to choose their ways: names shared by few and by many, and no
-- value that everybody has.
WITH new_levels AS (
    INSERT INTO levels (
        merchant_id, id, condition, reward_name, reward_value, reward_code, active, texts, created_at
    )
    SELECT
        'MERCHANT', md5('level' || n || 'MERCHANT')::uuid, n, 'none', 0, '', TRUE,
        CASE n WHEN 2 THEN '{}'::jsonb ELSE jsonb_build_object('en', jsonb_build_object('name', 'level' || n % 2)) END,
        now()
    FROM generate_series(0, 3) AS n
)
INSERT INTO customers (
    merchant_id, id, wallet_id, version, first_name, last_name, email, phone, mobile, loyalty_card,
    application_references, primary_address, gender, birth_date, labels, tags, metadata, agrees_to_terms,
    accepts_marketing, agrees_to_third, wallet_status, wallet_set_by, status, level_id, level_is_manual, pos_id,
    seller_id, push_tokens, purchase_count, purchase_amount, purchase_amount_without_delivery,
    purchase_amount_excluded, last_purchase_at, created_at, updated_at
)
SELECT
    'MERCHANT',
    md5('id' || n || 'MERCHANT')::uuid,
    md5('wallet' || n || 'MERCHANT')::uuid,
    1,
    CASE WHEN dice % 50 = 0 THEN '' ELSE (ARRAY['Ada', 'Bob', 'Eve', 'Żaneta', 'Ola'])[1 + dice % 5] END,
    CASE WHEN dice % 16 = 3 THEN 'Kowalski' WHEN dice % 97 = 0 THEN '' ELSE 'Fam' || left(md5((dice % 3000)::text), 4) END,
    CASE WHEN dice % 11 > 0 THEN 'mail.' || n || CASE WHEN dice % 3 = 0 THEN '@Gmail.test' ELSE '@firma.test' END END,
    CASE WHEN dice % 7 > 0 THEN '+48' || 500000000 + n * 7919 % 40000000 END,
    CASE WHEN dice % 3 > 0 THEN '+49' || 100000000 + n END,
    CASE WHEN dice % 3 = 0 THEN 'Card' || n END,
    '{}',
    CASE WHEN dice % 9 > 0 THEN jsonb_build_object(
        'city', (ARRAY['Łódź', 'Cork', 'Kyiv'])[1 + dice % 3], 'postal_code', lpad((dice % 500)::text, 5, '0')
    ) END,
    (ARRAY['male', 'female', NULL])[1 + dice % 3],
    CASE WHEN dice % 5 > 0 THEN '1950-01-01'::timestamptz + dice % 9000 * interval '1 day' END,
    CASE WHEN dice % 10 = 0
        THEN jsonb_build_array(jsonb_build_object('key', 'Source', 'value', 'import' || dice % 70), '{"key": "x", "value": ""}'::jsonb)
        ELSE '[]' END,
    '{}',
    '{}',
    TRUE,
    FALSE,
    FALSE,
    'active',
    'institution',
    CASE dice % 20 WHEN 0 THEN 'blocked' ELSE 'active' END,
    CASE WHEN dice % 6 < 5 THEN md5('level' || dice % 5 || 'MERCHANT')::uuid END,
    dice % 60 = 1,
    CASE WHEN dice % 4 = 0 THEN md5('pos' || dice % 10)::uuid END,
    CASE WHEN dice % 4 = 1 THEN md5('seller' || dice % 30)::uuid END,
    '{}',
    bought,
    bought * (dice % 300) * 10000,
    0,
    0,
    CASE WHEN bought > 0 THEN '2026-01-01'::timestamptz - dice % 500 * interval '1 day' END,
    '2025-01-01'::timestamptz + n / 3 * interval '1 minute',
    '2025-06-01'::timestamptz + dice % 90000 * interval '1 minute'
FROM (
    SELECT n, dice, CASE WHEN dice % 5 < 3 THEN 0 ELSE 1 + dice % 20 END AS bought
    FROM (SELECT n, abs(hashint8(n)::bigint) AS dice FROM generate_series(1::bigint, 12000) AS n) AS thrown
) AS people
