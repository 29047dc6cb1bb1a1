SET LOCAL lock_timeout = '2s';

DROP INDEX customers_merchant_referral_id_idx;
DROP INDEX customers_full_name_idx;
DROP FUNCTION full_name_key(text, text);
