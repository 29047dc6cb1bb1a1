SET LOCAL lock_timeout = '2s';

DROP TABLE invitations;
DROP TRIGGER customers_deleted_registrations ON customers;
DROP TRIGGER customers_changed_registration ON customers;
DROP TRIGGER customers_inserted_registrations ON customers;
DROP FUNCTION count_deleted_registrations;
DROP FUNCTION count_changed_registration;
DROP FUNCTION count_inserted_registrations;
DROP FUNCTION count_registrations;
DROP TABLE registration_counts;
