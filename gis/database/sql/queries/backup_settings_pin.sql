-- Pins what the text of a value depends on, for the rest of the transaction, so that checksums of two servers agree.
-- Parameters: none. Columns: none that matter.
SELECT set_config('search_path', 'pg_catalog', true), set_config('TimeZone', 'UTC', true),
       set_config('DateStyle', 'ISO, YMD', true), set_config('IntervalStyle', 'postgres', true),
       set_config('extra_float_digits', '1', true), set_config('bytea_output', 'hex', true),
       set_config('statement_timeout', '0', true), set_config('idle_in_transaction_session_timeout', '0', true)
