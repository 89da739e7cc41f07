-- Nobody writes to what is there already until the restore has ended; who is at it is waited for, but not for long.
-- Parameters: none. Columns: none.
SET LOCAL lock_timeout = '10s';
DO $$
DECLARE
    found regclass;
BEGIN
    FOR found IN
        SELECT c.oid FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
        WHERE c.relkind = 'r' AND n.nspname IN ('register', 'layers', 'published') ORDER BY c.oid
    LOOP
        EXECUTE format('LOCK TABLE %s IN ACCESS EXCLUSIVE MODE', found);
    END LOOP;
END $$;
SET LOCAL lock_timeout = 0
