-- One release is made at a time, so that their numbers are in a row. Whoever waited would not see the other one, since
-- his snapshot is older; so nobody waits.
-- Parameters: none. Columns: one truth value, whether this transaction may make one.
SELECT pg_try_advisory_xact_lock(hashtextextended('closure-atlas: a release is made', 0))
