-- The register's revision, as the snapshot of this statement holds it.
-- Parameters: none.
-- Columns: revision.
SELECT register.revision()
