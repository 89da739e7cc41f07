-- One load at a time, readers wait for none of it; a re-join of all sites may take longer than a page may.
-- Parameters: none. Columns: none that matter.
SELECT pg_advisory_xact_lock(hashtext('register.region')), set_config('statement_timeout', '0', true)
