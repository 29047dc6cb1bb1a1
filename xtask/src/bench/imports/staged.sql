-- The same rows as the import's, from a file that PostgreSQL reads itself: staged without an index, then stored unless
-- somebody holds one of their keys, each with its event.
BEGIN;
CREATE TEMP TABLE staged (LIKE customers) ON COMMIT DROP;
ALTER TABLE staged ADD event_id uuid, ADD record json;
\copy staged FROM :file
WITH stored AS (
    INSERT INTO customers SELECT :columns FROM staged ON CONFLICT DO NOTHING RETURNING merchant_id, id, number, created_at
)
INSERT INTO events (
    merchant_id, customer_id, version, ordinal, id, kind, detail, actor_kind, actor_id, at, customer_number, record
)
SELECT stored.merchant_id, stored.id, 1, 1, event_id, 'customer_created', '{}', 'system', NULL, stored.created_at,
    stored.number, record
FROM stored JOIN staged USING (id);
COMMIT;
