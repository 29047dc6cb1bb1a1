SET LOCAL lock_timeout = '2s';

DROP TABLE points_transfers;
ALTER TABLE customers
    DROP COLUMN level_warned_at,
    DROP COLUMN points_earned_since_recalculation,
    DROP COLUMN points_locked,
    DROP COLUMN points_expired,
    DROP COLUMN points_used,
    DROP COLUMN points_earned,
    DROP COLUMN points_from_customers,
    DROP COLUMN points_available;
