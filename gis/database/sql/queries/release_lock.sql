-- One release is made at a time, so that the numbers are in a row. Parameters: none. Columns: none of use.
SELECT pg_advisory_xact_lock(hashtextextended('closure-atlas: a release is made', 0))
