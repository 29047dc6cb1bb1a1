ALTER TABLE passwords DROP COLUMN sessions_since;
DROP TABLE budgets;
DROP TABLE codes;
