SET LOCAL lock_timeout = '2s';

DROP INDEX events_id_idx;
DROP INDEX customer_views_audit_idx;
DROP INDEX events_audit_idx;
