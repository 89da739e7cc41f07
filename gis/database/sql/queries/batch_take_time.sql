-- A batch of 100,000 rows takes longer than a page may: up to ten minutes a statement in this transaction.
-- Parameters: none.
SELECT set_config('statement_timeout', '600000', true)
