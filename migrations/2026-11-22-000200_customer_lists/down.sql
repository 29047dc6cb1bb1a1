SET LOCAL lock_timeout = '2s';

DROP TRIGGER customers_deleted ON customers;
DROP TRIGGER customers_moved ON customers;
DROP TRIGGER customers_changed ON customers;
DROP TRIGGER customers_sold_to ON customers;
DROP TRIGGER customers_touched ON customers;
DROP TRIGGER customers_counted ON customers;
DROP TRIGGER customers_inserted ON customers;
DROP FUNCTION list_deleted_customers;
DROP FUNCTION list_moved_customer;
DROP FUNCTION list_changed_customer;
DROP FUNCTION list_sold_to_customer;
DROP FUNCTION list_touched_customer;
DROP FUNCTION list_inserted_customer;
DROP FUNCTION list_customer;
DROP FUNCTION count_inserted_customers;
DROP FUNCTION count_customers;
DROP VIEW customer_updates_source;
DROP VIEW customer_figures_source;
DROP VIEW customer_list_source;
DROP FUNCTION label_terms;
DROP TABLE customer_counts;
DROP TABLE customer_updates;
DROP TABLE customer_figures;
DROP TABLE customer_list;
-- The extension stays: others may use it by now.
