-- Making a release is in the trail, whoever makes it.

CREATE FUNCTION register.write_release_audit() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    acting_id bigint := register.current_account_id();
    acting_name text := coalesce((SELECT a.name FROM register.account a WHERE a.id = acting_id), 'operator');
BEGIN
    INSERT INTO register.audit (account_id, account_name, action, table_name, row_key, after)
    SELECT acting_id, acting_name, 'insert', 'release', fresh.id, to_jsonb(fresh) FROM new_rows fresh;
    RETURN NULL;
END $$;
REVOKE EXECUTE ON FUNCTION register.write_release_audit FROM PUBLIC;

CREATE TRIGGER zz_audit_insert AFTER INSERT ON published.release REFERENCING NEW TABLE AS new_rows
    FOR EACH STATEMENT EXECUTE FUNCTION register.write_release_audit();
