-- Purpose: what this server runs, for the doctor and for the check before a migration.
-- Parameters: none.
-- Columns: postgresql (text), postgis (text; null if it is not at hand), checksum_failures (bigint; null if off).
-- Order: one row.
SELECT current_setting('server_version'),
       (SELECT coalesce(installed_version, default_version) FROM pg_available_extensions WHERE name = 'postgis'),
       (SELECT checksum_failures FROM pg_stat_database WHERE datname = current_database())
