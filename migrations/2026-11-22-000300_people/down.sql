SET LOCAL lock_timeout = '2s';

DROP INDEX customers_merchant_level_idx;

DELETE FROM directory WHERE kind = 'admin_key';
ALTER TABLE directory DROP CONSTRAINT directory_kind_check;
ALTER TABLE directory ADD CONSTRAINT directory_kind_check CHECK (
    kind IN ('store_code', 'company', 'institution', 'api_key', 'authenticity_token', 'client_id', 'admin')
);

ALTER TABLE admins
    DROP COLUMN first_name,
    DROP COLUMN last_name,
    DROP COLUMN phone,
    DROP COLUMN key_fingerprint,
    DROP COLUMN sealed_key,
    DROP COLUMN created_at;
ALTER TABLE points_of_sale DROP COLUMN latitude, DROP COLUMN longitude;
ALTER TABLE levels DROP COLUMN special_rewards, DROP COLUMN min_order;
