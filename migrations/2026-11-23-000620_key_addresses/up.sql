SET LOCAL lock_timeout = '2s';

-- Where an API key may be shown from, as networks; anywhere, if there is no list.
ALTER TABLE applications ADD COLUMN addresses text[],
    ADD CONSTRAINT applications_addresses_check CHECK (
        addresses IS NULL OR (kind = 'api_key' AND cardinality(addresses) > 0)
    );
