SET LOCAL lock_timeout = '2s';

-- First and last name with a blank between them, in lower case, runs of white space as one blank: how KunaCore looks for
-- people. Names change rarely, so the index leaves other changes of a customer within their page.
CREATE FUNCTION full_name_key(first_name text, last_name text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT lower(btrim(regexp_replace(
        first_name || ' ' || last_name,
        '[\s\u0085\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]+', ' ', 'g'
    )) COLLATE "und-x-icu")
$$;
CREATE INDEX customers_full_name_idx ON customers (merchant_id, (full_name_key(first_name, last_name)) COLLATE "C")
    WHERE deleted_at IS NULL;
CREATE INDEX customers_merchant_referral_id_idx ON customers (merchant_id, referral_id) WHERE referral_id IS NOT NULL;
