SET LOCAL lock_timeout = '2s';

DROP TABLE events;
DROP TABLE customers;
DROP TABLE signing_keys;
DROP TABLE tokens;
DROP TABLE levels;
DROP TABLE sellers;
DROP TABLE points_of_sale;
DROP TABLE passwords;
DROP TABLE operators;
DROP TABLE admins;
DROP TABLE applications;
DROP TABLE directory;
DROP TABLE merchants;
