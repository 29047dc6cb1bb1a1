SET LOCAL lock_timeout = '2s';

DROP INDEX subscriptions_number_key;
DROP TABLE delivery_attempts;
DROP TABLE delivery_lanes;
DROP TABLE deliveries;
DROP TABLE delivery_endpoints;
DROP TABLE delivery_cursor;
