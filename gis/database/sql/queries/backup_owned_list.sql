-- What belongs to another role than the register's owner: functions that run with that role's rights, and must not
-- run with more.
-- Parameters: none.
-- Columns: kind (as ALTER takes it), identity, schema, owner.
-- Order: kind, identity.
SELECT o.type, o.identity, o.schema, pg_get_userbyid(d.refobjid)
FROM pg_shdepend d
CROSS JOIN LATERAL pg_identify_object(d.classid, d.objid, d.objsubid) o
WHERE d.dbid = (SELECT b.oid FROM pg_database b WHERE b.datname = current_database())
  AND d.refclassid = 'pg_authid'::regclass AND d.deptype = 'o'
  AND o.schema IN ('register', 'layers', 'published')
  AND d.refobjid NOT IN (SELECT n.nspowner FROM pg_namespace n WHERE n.nspname = 'register')
ORDER BY 1, 2
