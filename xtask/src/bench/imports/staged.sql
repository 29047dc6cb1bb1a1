-- The same rows as the import's, from files that PostgreSQL reads itself: staged without an index, then stored unless
-- somebody holds one of their keys, each with its events and its message.
BEGIN;
CREATE TEMP TABLE staged_customers (LIKE customers) ON COMMIT DROP;
CREATE TEMP TABLE staged_events (LIKE events) ON COMMIT DROP;
CREATE TEMP TABLE staged_messages (LIKE messages) ON COMMIT DROP;
\copy staged_customers FROM :folder/customers
\copy staged_events FROM :folder/events
\copy staged_messages FROM :folder/messages
WITH stored AS (
    INSERT INTO customers SELECT * FROM staged_customers ON CONFLICT DO NOTHING RETURNING merchant_id, id
), told AS (
    INSERT INTO events SELECT staged_events.* FROM staged_events
    JOIN stored ON (stored.merchant_id, stored.id) = (staged_events.merchant_id, customer_id)
)
INSERT INTO messages SELECT staged_messages.* FROM staged_messages
JOIN stored ON (stored.merchant_id, stored.id) = (staged_messages.merchant_id, about_id);
COMMIT;
