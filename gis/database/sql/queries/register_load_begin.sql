-- One bulk load at a time, readers wait for none of it; it may take longer than a page may.
-- Parameters: none. Columns: none that matter.
SELECT pg_advisory_xact_lock(hashtext('register.load')), set_config('statement_timeout', '0', true)
