-- Ends the sessions and tokens that a backup of another version held: who was signed in then signs in again.
-- Parameters: none. Columns: none.
DO $$
BEGIN
    IF to_regclass('register.session') IS NOT NULL THEN
        TRUNCATE register.session;  -- no policy hides a row from this
    END IF;
    IF to_regclass('register.token') IS NOT NULL THEN
        TRUNCATE register.token;
    END IF;
END $$
