SET LOCAL lock_timeout = '2s';

DELETE FROM events WHERE subject = 'transaction' OR kind = 'transaction_assigned';
ALTER TABLE events DROP COLUMN subject;
DROP TABLE transactions;
DROP TABLE sales_counts;
DROP FUNCTION count_inserted_sales;
DROP FUNCTION turnover;
DROP FUNCTION count_sales;
