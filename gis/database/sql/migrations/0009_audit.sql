-- The audit trail: who changed what, when, from what to what, from which batch; written in the transaction of the
-- change by the database itself, and append-only for everybody.

CREATE TABLE register.audit (
    id            bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,  -- the order; stays inside
    uid           bigint NOT NULL DEFAULT register.random_id(),  -- what a file carries
    occurred_at   timestamptz NOT NULL DEFAULT now(),
    account_id    bigint,                  -- null: the operator, who works on the command line or as the owner
    account_name  text NOT NULL,
    author_name   text,                    -- who had entered what this account approved
    batch_id      bigint,
    action        text NOT NULL CHECK (action IN (
        'insert', 'update', 'delete',      -- of a row, by a trigger
        'export', 'list',                  -- a restricted file; paging through items in bulk
        'sign_in', 'sign_in_refused', 'sign_out')),
    table_name    text,
    row_key       text,
    region_codes  text[] NOT NULL DEFAULT '{}',  -- of today: whose scoped accounts see this
    before        jsonb,
    after         jsonb,
    detail        jsonb                    -- of an export: path, filter, rows, sha256
);
-- Few and small indexes: an import of 100,000 rows writes 200,000 of these, and they are read seldom.
CREATE UNIQUE INDEX audit_uid_idx ON register.audit (uid) WHERE action IN ('export', 'list');
CREATE INDEX audit_occurred_idx ON register.audit USING brin (occurred_at);
CREATE INDEX audit_account_idx ON register.audit (account_id, id);
CREATE INDEX audit_row_idx ON register.audit (row_key);
CREATE INDEX audit_batch_idx ON register.audit (batch_id) WHERE batch_id IS NOT NULL;
CREATE INDEX audit_region_codes_idx ON register.audit USING gin (region_codes);
CALL register.guard('register.audit', $$
    account_id = (SELECT register.current_account_id())
    OR region_codes @> ARRAY[(SELECT register.current_scope())]$$);

CREATE FUNCTION register.refuse_any_change() RETURNS trigger
    LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = 'integrity_constraint_violation';
END $$;
CREATE TRIGGER audit_append_only BEFORE UPDATE OR DELETE ON register.audit
    FOR EACH ROW EXECUTE FUNCTION register.refuse_any_change();
CREATE TRIGGER audit_no_truncate BEFORE TRUNCATE ON register.audit
    FOR EACH STATEMENT EXECUTE FUNCTION register.refuse_any_change();

-- Columns that follow from others, or that nobody may read; they are not part of what was entered.
CREATE FUNCTION register.audited(row_values jsonb) RETURNS jsonb
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN row_values - '{province_code,regency_code,province_join_method,regency_join_method,province_codes,
                          region_codes,plain_names,updated_at,known_on,password_hash,detail}'::text[];

-- The regions of today that a row belongs to: its own region where it names one; of a site, its events and decrees' boundaries
-- all regions of the site; of everything else about a site its primary ones, since people and money of the other part
-- of a site across a border are not seen there.
CREATE FUNCTION register.audited_regions(table_name text, row_values jsonb, touching text[], primary_ones text[])
    RETURNS text[]
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN coalesce(CASE
        WHEN row_values ->> 'region_code' LIKE '__.__'
            THEN ARRAY[left(row_values ->> 'region_code', 2), row_values ->> 'region_code']
        WHEN row_values ->> 'region_code' IS NOT NULL THEN ARRAY[row_values ->> 'region_code']
        WHEN table_name IN ('site', 'event', 'decree_boundary') THEN touching
        ELSE array_remove(primary_ones, NULL) END, '{}');

CREATE FUNCTION register.write_audit() RETURNS trigger
    LANGUAGE plpgsql SET search_path = register, public, pg_temp AS $$
DECLARE
    acting_id bigint := register.current_account_id();
    acting_name text := coalesce((SELECT a.name FROM register.account a WHERE a.id = acting_id), 'operator');
    author text := nullif(current_setting('atlas.author_name', true), '');
    batch bigint := nullif(current_setting('atlas.batch_id', true), '')::bigint;
    site_key text := CASE TG_TABLE_NAME WHEN 'site' THEN 'id' ELSE 'site_id' END;
BEGIN
    IF TG_OP = 'UPDATE' AND pg_trigger_depth() > 1 THEN
        RETURN NULL;  -- the join's own update: it follows from what was entered
    ELSIF TG_OP = 'INSERT' THEN
        INSERT INTO register.audit (account_id, account_name, author_name, batch_id, action, table_name, row_key,
                                    region_codes, after)
        SELECT acting_id, acting_name, author, batch, 'insert', TG_TABLE_NAME, coalesce(v ->> 'uid', v ->> 'id'),
               register.audited_regions(TG_TABLE_NAME, v, s.region_codes, ARRAY[s.province_code, s.regency_code]),
               register.audited(v)
        FROM (SELECT to_jsonb(fresh) AS v FROM new_rows fresh OFFSET 0) r
        LEFT JOIN register.site s ON s.id = (v ->> site_key)::bigint;
    ELSIF TG_OP = 'UPDATE' THEN
        INSERT INTO register.audit (account_id, account_name, author_name, batch_id, action, table_name, row_key,
                                    region_codes, before, after)
        SELECT acting_id, acting_name, author, batch, 'update', TG_TABLE_NAME, coalesce(v ->> 'uid', v ->> 'id'),
               -- whoever saw it before sees that it went
               ARRAY(SELECT unnest(register.audited_regions(TG_TABLE_NAME, v, s.region_codes,
                                                            ARRAY[s.province_code, s.regency_code]))
                     UNION SELECT unnest(ARRAY(SELECT jsonb_array_elements_text(w -> 'region_codes')))),
               register.audited(w), register.audited(v)
        FROM (SELECT to_jsonb(fresh) AS v, to_jsonb(gone) AS w
              FROM new_rows fresh JOIN old_rows gone ON gone.id = fresh.id OFFSET 0) r
        LEFT JOIN register.site s ON s.id = (v ->> site_key)::bigint
        WHERE register.audited(v) <> register.audited(w);
    ELSE
        INSERT INTO register.audit (account_id, account_name, author_name, batch_id, action, table_name, row_key,
                                    region_codes, before)
        SELECT acting_id, acting_name, author, batch, 'delete', TG_TABLE_NAME, coalesce(v ->> 'uid', v ->> 'id'),
               register.audited_regions(TG_TABLE_NAME, v, s.region_codes, ARRAY[s.province_code, s.regency_code]),
               register.audited(v)
        FROM (SELECT to_jsonb(gone) AS v FROM old_rows gone OFFSET 0) r
        LEFT JOIN register.site s ON s.id = (v ->> site_key)::bigint;
    END IF;
    RETURN NULL;
END $$;

-- Keeps the trail of a table whose key is `id`. The triggers' names come last in the order in which PostgreSQL
-- runs them, so that the join has been made when a site's regions are noted.
CREATE PROCEDURE register.keep_audit(kept regclass)
    LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    EXECUTE format('CREATE TRIGGER zz_audit_insert AFTER INSERT ON %s REFERENCING NEW TABLE AS new_rows
                    FOR EACH STATEMENT EXECUTE FUNCTION register.write_audit()', kept);
    EXECUTE format('CREATE TRIGGER zz_audit_update AFTER UPDATE ON %s REFERENCING OLD TABLE AS old_rows
                    NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION register.write_audit()', kept);
    EXECUTE format('CREATE TRIGGER zz_audit_delete AFTER DELETE ON %s REFERENCING OLD TABLE AS old_rows
                    FOR EACH STATEMENT EXECUTE FUNCTION register.write_audit()', kept);
END $$;
REVOKE EXECUTE ON PROCEDURE register.keep_audit FROM PUBLIC;

CALL register.keep_audit('register.site');
CALL register.keep_audit('register.event');
CALL register.keep_audit('register.headcount');
CALL register.keep_audit('register.account');

-- What an account did that changes no row: a restricted export, paging in bulk, signing in and out.
-- Returns the record's number, which a file carries (domain.md, "Who sees what", 7).
CREATE FUNCTION register.record_action(action text, detail jsonb) RETURNS bigint
    LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
BEGIN ATOMIC
    INSERT INTO register.audit (account_id, account_name, action, detail)
    SELECT a.id, a.name, record_action.action, record_action.detail
    FROM register.account a
    WHERE a.id = register.current_account_id() AND record_action.action IN ('export', 'list', 'sign_in', 'sign_out')
    RETURNING uid;
END;
REVOKE EXECUTE ON FUNCTION register.record_action, register.write_audit FROM PUBLIC;
GRANT EXECUTE ON FUNCTION register.record_action TO atlas_national, atlas_scoped;
