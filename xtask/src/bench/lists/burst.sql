-- Writes as the service makes them, triggers included: one customer in twenty is new or changed. Nothing is tidied up.
\set ON_ERROR_STOP on
SET synchronous_commit = off;
SELECT count(*) FROM bench_customers(:'merchant', :customers + 1, :customers / 50);
UPDATE customers SET version = version + 1, updated_at = now(), purchase_count = purchase_count + 1,
    purchase_amount = purchase_amount + 250000, last_purchase_at = now()
WHERE merchant_id = :'merchant' AND hashint8(number) % 50 = 7;
UPDATE customers SET version = version + 1, updated_at = now(), last_name = last_name || '-Nowak', first_name = 'Ewa'
WHERE merchant_id = :'merchant' AND hashint8(number) % 100 = 13;
