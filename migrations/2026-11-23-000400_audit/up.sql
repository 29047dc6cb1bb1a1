SET LOCAL lock_timeout = '2s';

-- The audit log in the order in which it is read. Kinds of events that it does not tell pay nothing.
CREATE INDEX events_audit_idx ON events (merchant_id, at, id) WHERE kind IN (
    'customer_created', 'customer_updated', 'customer_deleted', 'customer_activated', 'customer_deactivated',
    'customer_anonymized', 'level_changed'
);
CREATE INDEX customer_views_audit_idx ON customer_views (merchant_id, at, id);

-- One entry of it, and the changes of a page of it.
CREATE INDEX events_id_idx ON events (merchant_id, id);
