-- A site that moves to another region, or an account: those who saw it before see what it was and that it went, those
-- who see it now see that it came and what it is. Who sees both regions finds both in one row, as before.

-- As in 0009.
CREATE OR REPLACE FUNCTION register.write_audit() RETURNS trigger
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
               part.codes, CASE WHEN part.shows_before THEN register.audited(w) END,
               CASE WHEN part.shows_after THEN register.audited(v) END
        FROM (SELECT to_jsonb(fresh) AS v, to_jsonb(gone) AS w
              FROM new_rows fresh JOIN old_rows gone ON gone.id = fresh.id OFFSET 0) r
        LEFT JOIN register.site s ON s.id = (v ->> site_key)::bigint
        CROSS JOIN LATERAL (
            SELECT register.audited_regions(TG_TABLE_NAME, v, s.region_codes, ARRAY[s.province_code, s.regency_code]) AS now,
                   CASE WHEN w ? 'region_codes' THEN ARRAY(SELECT jsonb_array_elements_text(w -> 'region_codes'))
                        ELSE register.audited_regions(TG_TABLE_NAME, w, s.region_codes,
                                                      ARRAY[s.province_code, s.regency_code]) END AS before) seen
        CROSS JOIN LATERAL (VALUES
            (ARRAY(SELECT unnest(seen.before) INTERSECT SELECT unnest(seen.now)), true, true),
            (ARRAY(SELECT unnest(seen.before) EXCEPT SELECT unnest(seen.now)), true, false),
            (ARRAY(SELECT unnest(seen.now) EXCEPT SELECT unnest(seen.before)), false, true))
            AS part(codes, shows_before, shows_after)
        WHERE register.audited(v) <> register.audited(w)
          AND (part.codes <> '{}' OR (part.shows_before AND part.shows_after));
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
REVOKE EXECUTE ON FUNCTION register.write_audit FROM PUBLIC;
