SET LOCAL lock_timeout = '2s';

DROP INDEX customer_texts_pieces_idx;
DROP FUNCTION text_pieces(text, text, text, text, text, text, text);

CREATE OR REPLACE FUNCTION sort_in_customer_texts(most bigint) RETURNS bigint LANGUAGE plpgsql SECURITY DEFINER
SET search_path FROM CURRENT SET lock_timeout = '200ms' AS $$
DECLARE
    done bigint := 0;
    merchant uuid := '00000000-0000-0000-0000-000000000000';
    latest bigint;
    taken bigint;
    customers uuid[];
BEGIN
    IF NOT pg_try_advisory_xact_lock(7161955184726147) THEN
        RETURN 0;
    END IF;
    WHILE done < most LOOP
        SELECT due.merchant_id INTO merchant FROM customer_texts_due AS due
        WHERE due.merchant_id > merchant ORDER BY due.merchant_id LIMIT 1;
        EXIT WHEN NOT FOUND;
        SELECT max(due.entry) INTO latest FROM (
            SELECT entry FROM customer_texts_due WHERE merchant_id = merchant ORDER BY entry LIMIT most - done
        ) AS due;
        WITH gone AS (
            DELETE FROM customer_texts_due AS due WHERE due.merchant_id = merchant AND due.entry <= latest
            RETURNING due.customer_id
        )
        SELECT count(*), array_agg(DISTINCT customer_id) INTO taken, customers FROM gone;
        DELETE FROM customer_texts AS texts USING unnest(customers) AS due (customer_id)
        WHERE texts.merchant_id = merchant AND texts.customer_id = due.customer_id;
        INSERT INTO customer_texts
        SELECT merchant_id, customer_id, created_at, first_name, last_name, email, phone, card, city, postal_code
        FROM unnest(customers) AS due (customer) CROSS JOIN LATERAL (
            SELECT * FROM customer_list AS one
            WHERE one.merchant_id = merchant AND one.customer_id = due.customer OFFSET 0
        ) AS listed;
        done := done + taken;
    END LOOP;
    IF done > 0 THEN
        PERFORM gin_clean_pending_list('customer_texts_idx');
    END IF;
    RETURN done;
END
$$;
