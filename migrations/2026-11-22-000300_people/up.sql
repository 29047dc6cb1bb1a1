SET LOCAL lock_timeout = '2s';

-- Rewards for a time are read and written with their level. The least order is in ten-thousandths.
ALTER TABLE levels ADD COLUMN special_rewards jsonb NOT NULL DEFAULT '[]'::jsonb;
ALTER TABLE levels ADD COLUMN min_order bigint;

ALTER TABLE points_of_sale ADD COLUMN latitude text;
ALTER TABLE points_of_sale ADD COLUMN longitude text;

-- A program's key is found by its fingerprint, in the directory, and shown to its owners, so it is sealed and not hashed.
ALTER TABLE admins ADD COLUMN first_name text;
ALTER TABLE admins ADD COLUMN last_name text;
ALTER TABLE admins ADD COLUMN phone text;
ALTER TABLE admins ADD COLUMN key_fingerprint bytea;
ALTER TABLE admins ADD COLUMN sealed_key bytea;
ALTER TABLE admins ADD COLUMN created_at timestamptz NOT NULL DEFAULT now();
ALTER TABLE admins ALTER COLUMN created_at DROP DEFAULT;
ALTER TABLE admins ADD CONSTRAINT admins_key_check CHECK ((key_fingerprint IS NULL) = (sealed_key IS NULL));

ALTER TABLE directory DROP CONSTRAINT directory_kind_check;
ALTER TABLE directory ADD CONSTRAINT directory_kind_check CHECK (
    kind IN (
        'store_code', 'company', 'institution', 'api_key', 'authenticity_token', 'client_id', 'admin', 'admin_key'
    )
);

-- Who is on a level, in the order of lists.
CREATE INDEX customers_merchant_level_idx ON customers (merchant_id, level_id, created_at, id)
    WHERE level_id IS NOT NULL AND deleted_at IS NULL;
