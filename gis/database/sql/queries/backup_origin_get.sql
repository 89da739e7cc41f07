-- Where a backup comes from.
-- Parameters: none.
-- Columns: postgresql (the major version), postgis, owner (of schema register; null if there is none), unbound
--   (whether no policy binds the role that asks).
-- Order: one row.
SELECT current_setting('server_version_num')::integer / 10000,
       (SELECT e.extversion FROM pg_extension e WHERE e.extname = 'postgis'),
       (SELECT pg_get_userbyid(n.nspowner) FROM pg_namespace n WHERE n.nspname = 'register'),
       (SELECT r.rolsuper OR r.rolbypassrls FROM pg_roles r WHERE r.rolname = current_user)
