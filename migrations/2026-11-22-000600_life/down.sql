DROP TABLE customer_views;
DROP TABLE job_days;
DROP INDEX customers_merchant_recalculation_idx;
ALTER TABLE customers DROP COLUMN newsletter_announced;
