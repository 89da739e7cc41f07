-- Who may see which rows. PostgreSQL decides (design decision 6): the web application owns nothing and cannot
-- bypass a policy; without an identity nobody sees a row.

-- Roles belong to the whole server, so another database of it may have made them.
DO $$
DECLARE
    wanted text;
BEGIN
    FOREACH wanted IN ARRAY ARRAY['atlas_app', 'atlas_national', 'atlas_scoped'] LOOP
        IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = wanted) THEN
            BEGIN
                EXECUTE format('CREATE ROLE %I NOSUPERUSER NOCREATEDB NOCREATEROLE NOBYPASSRLS NOREPLICATION NOINHERIT',
                               wanted);
            EXCEPTION WHEN duplicate_object OR unique_violation THEN
                NULL;  -- another database was a moment quicker
            END;
        END IF;
    END LOOP;
END $$;
ALTER ROLE atlas_app LOGIN;
-- atlas_app becomes one of the two for a transaction, by set_config('role', …, true): policies differ by role,
-- since `USING (true)` leaves every index usable and a condition does not.
GRANT atlas_national, atlas_scoped TO atlas_app;

-- A person or a program that signs in. Names are lower case, so that two do not look alike.
CREATE TABLE register.account (
    id            bigint PRIMARY KEY DEFAULT register.random_id(),
    name          text NOT NULL UNIQUE CHECK (name ~ '^[a-z0-9][a-z0-9._-]{1,62}$'),
    role          text NOT NULL CHECK (role IN ('regency', 'province', 'planner', 'approver', 'admin')),
    region_code   text,                    -- Kemendagri, of today
    password_hash text,                    -- argon2id; null: nobody can sign in with a password
    database_role name UNIQUE,             -- a login role for direct connections, such as QGIS
    language      text NOT NULL DEFAULT 'id' CHECK (language IN ('id', 'en')),
    created_at    timestamptz NOT NULL DEFAULT now(),
    disabled_at   timestamptz,
    CHECK (CASE role WHEN 'province' THEN region_code ~ '^\d\d$'
                     WHEN 'regency' THEN region_code ~ '^\d\d\.\d\d$'
                     ELSE region_code IS NULL END)
);

-- Sign-ins that are open. The cookie's token is random; what is stored is its SHA-256, of no use to a thief.
CREATE TABLE register.session (
    token_hash bytea PRIMARY KEY CHECK (length(token_hash) = 32),
    account_id bigint NOT NULL REFERENCES register.account,
    created_at timestamptz NOT NULL DEFAULT now(),
    expires_at timestamptz NOT NULL
);
CREATE INDEX session_account_idx ON register.session (account_id);

-- Who acts: the account of a direct login role, else, for the application, the one that the transaction names.
-- A role that is neither cannot name anybody.
CREATE FUNCTION register.current_account_id() RETURNS bigint
    LANGUAGE sql STABLE PARALLEL SAFE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
BEGIN ATOMIC
    SELECT a.id FROM register.account a
    WHERE a.disabled_at IS NULL
      AND CASE WHEN pg_has_role(session_user, 'atlas_app', 'MEMBER')
               THEN a.id = nullif(current_setting('atlas.account_id', true), '')::bigint
               ELSE a.database_role = session_user END;
END;

-- The region that whoever acts is bound to: a code of today; null for national roles and for nobody.
CREATE FUNCTION register.current_scope() RETURNS text
    LANGUAGE sql STABLE PARALLEL SAFE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
BEGIN ATOMIC
    SELECT a.region_code FROM register.account a WHERE a.id = register.current_account_id();
END;

-- Whether a region of today lies in a scope: it is that one, or a regency of that province (the code of every
-- regency of today begins with its province's). In a policy the scope is asked once a statement:
-- register.lies_in(region_code, (SELECT register.current_scope())).
CREATE FUNCTION register.lies_in(code text, scope text) RETURNS boolean
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN code = scope OR starts_with(code, scope || '.');

-- Closes a table: the owner works on it, national roles read all of it, scoped ones what the condition lets through.
CREATE PROCEDURE register.guard(guarded regclass, scoped_condition text)
    LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    EXECUTE format('ALTER TABLE %s ENABLE ROW LEVEL SECURITY', guarded);
    EXECUTE format('ALTER TABLE %s FORCE ROW LEVEL SECURITY', guarded);
    EXECUTE format('CREATE POLICY owner ON %s TO CURRENT_USER USING (true) WITH CHECK (true)', guarded);
    EXECUTE format('CREATE POLICY national ON %s FOR SELECT TO atlas_national USING (true)', guarded);
    EXECUTE format('CREATE POLICY scoped ON %s FOR SELECT TO atlas_scoped USING (%s)', guarded, scoped_condition);
    EXECUTE format('GRANT SELECT ON %s TO atlas_app, atlas_national, atlas_scoped', guarded);
END $$;
REVOKE EXECUTE ON PROCEDURE register.guard FROM PUBLIC;

GRANT USAGE ON SCHEMA register TO atlas_app, atlas_national, atlas_scoped;
-- Nobody but the owner calls what writes; what an account may call is granted by name.
REVOKE EXECUTE ON FUNCTION register.assign_regions, register.refresh_states FROM PUBLIC;

-- All regions of today that a site touches, provinces and regencies: what a scope is compared with. One array
-- with a GIN index, since `&&` on geometries is not leakproof and its index is not used under a policy.
ALTER TABLE register.site ADD COLUMN region_codes text[] NOT NULL DEFAULT '{}';
CREATE INDEX site_region_codes_idx ON register.site USING gin (region_codes);
DROP INDEX register.site_province_codes_idx;  -- the new one answers for it

-- As in 0004, and with region_codes.
CREATE OR REPLACE FUNCTION register.assign_regions(site_ids bigint[]) RETURNS bigint
    LANGUAGE plpgsql VOLATILE SET search_path = register, public, pg_temp
AS $$
DECLARE
    wrong record;
    changed bigint;
BEGIN
    SELECT d.id, d.code INTO wrong
    FROM (SELECT min(s.id) AS id, c.code
          FROM site s CROSS JOIN unnest(s.declared_region_codes) AS c(code)
          WHERE s.id = ANY (site_ids) GROUP BY c.code) d  -- few codes, whatever the number of sites
    WHERE NOT EXISTS (SELECT FROM region r WHERE r.code = d.code AND upper_inf(r.valid))
    LIMIT 1;
    IF FOUND THEN
        RAISE EXCEPTION 'site %: % is no Kemendagri code of a province or regency of today', wrong.id, wrong.code
            USING ERRCODE = 'check_violation', TABLE = 'site', COLUMN = 'declared_region_codes',
                  CONSTRAINT = 'site_declared_region_codes_check';
    END IF;

    DELETE FROM site_region o WHERE o.site_id = ANY (site_ids);
    WITH found AS MATERIALIZED (
        SELECT * FROM register.find_regions(site_ids)
    ), stored AS (
        INSERT INTO site_region (site_id, level, region_code, share, is_primary)
        SELECT f.site_id, f.level, f.region_code, f.share, f.is_primary FROM found f
    ), summed AS (
        SELECT f.site_id,
               max(f.region_code) FILTER (WHERE f.is_primary AND f.level = 'province') AS province_code,
               max(f.region_code) FILTER (WHERE f.is_primary AND f.level = 'regency') AS regency_code,
               max(f.method) FILTER (WHERE f.is_primary AND f.level = 'province') AS province_method,
               max(f.method) FILTER (WHERE f.is_primary AND f.level = 'regency') AS regency_method,
               array_agg(f.region_code ORDER BY f.is_primary DESC, f.region_code)
                   FILTER (WHERE f.level = 'province') AS province_codes,
               array_agg(DISTINCT f.region_code) AS region_codes
        FROM found f
        GROUP BY f.site_id
    ), wanted AS (
        SELECT asked.id, w.province_code, w.regency_code, coalesce(w.province_method, 'none') AS province_method,
               coalesce(w.regency_method, 'none') AS regency_method,
               coalesce(w.province_codes, '{}') AS province_codes, coalesce(w.region_codes, '{}') AS region_codes
        FROM unnest(site_ids) AS asked(id)
        LEFT JOIN summed w ON w.site_id = asked.id
    )
    UPDATE site s
    SET province_code = w.province_code, regency_code = w.regency_code,
        province_join_method = w.province_method, regency_join_method = w.regency_method,
        province_codes = w.province_codes, region_codes = w.region_codes
    FROM wanted w
    WHERE w.id = s.id
      AND (s.province_code, s.regency_code, s.province_join_method, s.regency_join_method, s.province_codes, s.region_codes)
          IS DISTINCT FROM
          (w.province_code, w.regency_code, w.province_method, w.regency_method, w.province_codes, w.region_codes);
    GET DIAGNOSTICS changed = ROW_COUNT;
    RETURN changed;
END
$$;

ALTER TABLE register.site DISABLE TRIGGER site_touch_before_update;  -- nothing that anybody sees changes
UPDATE register.site s
SET region_codes = ARRAY(SELECT DISTINCT r.region_code FROM register.site_region r WHERE r.site_id = s.id ORDER BY 1);
ALTER TABLE register.site ENABLE TRIGGER site_touch_before_update;

-- Ids for addresses and files; the numbers of the log tell how much was entered, so they stay inside.
ALTER TABLE register.event ADD COLUMN uid bigint NOT NULL DEFAULT register.random_id() UNIQUE;
ALTER TABLE register.headcount ADD COLUMN uid bigint NOT NULL DEFAULT register.random_id() UNIQUE;

CALL register.guard('register.site', $$region_codes @> ARRAY[(SELECT register.current_scope())]$$);
CALL register.guard('register.site_region', $$EXISTS (SELECT FROM register.site s WHERE s.id = site_id)$$);
CALL register.guard('register.event', $$EXISTS (SELECT FROM register.site s WHERE s.id = site_id)$$);
CALL register.guard('register.site_state', $$EXISTS (SELECT FROM register.site s WHERE s.id = site_id)$$);
-- The people of the other part of a site across a border are not seen (domain.md, "Who sees what", 6).
CALL register.guard('register.headcount', $$
    CASE WHEN region_code IS NULL
         THEN EXISTS (SELECT FROM register.site s
                      WHERE s.id = site_id AND register.lies_in(coalesce(s.regency_code, s.province_code),
                                                                (SELECT register.current_scope())))
         ELSE register.lies_in(region_code, (SELECT register.current_scope())) END$$);

-- Shapes, names and codes of regions are public knowledge.
GRANT SELECT ON register.region, register.neighbour, register.boundary_load, register.place
    TO atlas_app, atlas_national, atlas_scoped;

-- Names and roles of accounts, for national roles and oneself; no role but the owner reads a hash.
ALTER TABLE register.account ENABLE ROW LEVEL SECURITY;
ALTER TABLE register.account FORCE ROW LEVEL SECURITY;
CREATE POLICY owner ON register.account TO CURRENT_USER USING (true) WITH CHECK (true);
CREATE POLICY national ON register.account FOR SELECT TO atlas_national USING (true);
CREATE POLICY scoped ON register.account FOR SELECT TO atlas_scoped
    USING (id = (SELECT register.current_account_id()));
GRANT SELECT (id, name, role, region_code, database_role, language, created_at, disabled_at) ON register.account
    TO atlas_app, atlas_national, atlas_scoped;
ALTER TABLE register.session ENABLE ROW LEVEL SECURITY;
ALTER TABLE register.session FORCE ROW LEVEL SECURITY;
CREATE POLICY owner ON register.session TO CURRENT_USER USING (true) WITH CHECK (true);

-- Statistics tell where rows are that a policy hides. (pg_stats itself honours policies.)
DO $$
DECLARE
    telling regprocedure;
BEGIN
    FOR telling IN
        SELECT p.oid::regprocedure FROM pg_proc p
        WHERE p.pronamespace = 'public'::regnamespace
          AND p.proname IN ('st_estimatedextent', '_postgis_index_extent', '_postgis_stats', '_postgis_selectivity',
                            '_postgis_join_selectivity')
    LOOP
        EXECUTE format('REVOKE EXECUTE ON FUNCTION %s FROM PUBLIC', telling);
    END LOOP;
END $$;

-- Whether whoever acts sees all of a region as it was on a day: a total over a part would be taken for the whole,
-- and a difference between two such totals would tell of another province.
CREATE FUNCTION register.is_visible_region(level text, code text, regions_on date) RETURNS boolean
    LANGUAGE sql STABLE PARALLEL SAFE
BEGIN ATOMIC
    SELECT coalesce(bool_and(register.lies_in(p.regency_today, (SELECT register.current_scope()))), false)
    FROM register.place p
    WHERE p.valid @> regions_on
      AND CASE is_visible_region.level WHEN 'province' THEN p.province_code ELSE p.regency_code END
          = is_visible_region.code;
END;

-- As in 0007; a scoped account gets the regions of which it sees all.
CREATE OR REPLACE FUNCTION register.regional_summary(
    levels text[], as_of date, known_at date, regions_on date, region text)
    RETURNS TABLE (
        region_level text, code text, iso_code text, name text, kind text, parent_code text, parent_name text,
        valid_from date, valid_to date, area_km2 double precision,
        sites_total bigint, active bigint, planned bigint, closed bigint, reactivated bigint,
        lokasi_total bigint, lokasi_active bigint, lokasi_planned bigint, lokasi_closed bigint,
        lokasi_reactivated bigint, shared bigint, disputed bigint, people bigint, lokasi_people bigint,
        last_event_on date, closed_12_months bigint)
    LANGUAGE sql STABLE PARALLEL SAFE
BEGIN ATOMIC
    WITH named AS (
        SELECT r.level, r.code, r.iso_code, r.name, r.kind, r.parent_code, parent.name AS parent_name,
               lower(r.valid) AS valid_from, upper(r.valid) AS valid_to, r.area_km2
        FROM register.region r
        LEFT JOIN register.region parent
               ON parent.level = 'province' AND parent.code = r.parent_code AND parent.valid @> regions_on
        WHERE r.level = ANY (levels) AND r.valid @> regions_on
          AND (regional_summary.region IS NULL OR r.code = regional_summary.region
               OR r.parent_code = regional_summary.region)
          AND ((SELECT register.current_scope()) IS NULL OR register.is_visible_region(r.level, r.code, regions_on))
        UNION ALL
        SELECT 'nation', NULL, 'ID', 'Indonesia', NULL, NULL, NULL, NULL, NULL,
               (SELECT sum(p.area_km2) FROM register.region p WHERE p.level = 'province' AND upper_inf(p.valid))
        WHERE 'nation' = ANY (levels) AND (SELECT register.current_scope()) IS NULL
    ), feature AS (
        -- Only what is counted: a CTE that is read three times keeps every column that it names.
        SELECT f.id, f.site_type, f.status_group, f.province_code, f.regency_code, f.shared_with, f.disputed,
               f.last_event_on, f.closed_12_months
        FROM register.site_features(as_of, known_at, regions_on) f
    ), counts AS (
        -- '' is the nation, so that rows meet by equality, which can be hashed.
        SELECT CASE GROUPING(f.province_code, f.regency_code)
                   WHEN 3 THEN '' WHEN 1 THEN f.province_code ELSE f.regency_code END AS code,
               count(*) FILTER (WHERE f.site_type = 'lokalisasi') AS sites_total,
               count(*) FILTER (WHERE f.site_type = 'lokalisasi' AND f.status_group = 'active') AS active,
               count(*) FILTER (WHERE f.site_type = 'lokalisasi' AND f.status_group = 'planned') AS planned,
               count(*) FILTER (WHERE f.site_type = 'lokalisasi' AND f.status_group = 'closed') AS closed,
               count(*) FILTER (WHERE f.site_type = 'lokalisasi' AND f.status_group = 'reactivated') AS reactivated,
               count(*) FILTER (WHERE f.site_type = 'lokasi') AS lokasi_total,
               count(*) FILTER (WHERE f.site_type = 'lokasi' AND f.status_group = 'active') AS lokasi_active,
               count(*) FILTER (WHERE f.site_type = 'lokasi' AND f.status_group = 'planned') AS lokasi_planned,
               count(*) FILTER (WHERE f.site_type = 'lokasi' AND f.status_group = 'closed') AS lokasi_closed,
               count(*) FILTER (WHERE f.site_type = 'lokasi' AND f.status_group = 'reactivated') AS lokasi_reactivated,
               count(*) FILTER (WHERE f.site_type = 'lokalisasi' AND f.disputed) AS disputed,
               max(f.last_event_on) AS last_event_on,
               count(*) FILTER (WHERE f.site_type = 'lokalisasi' AND f.closed_12_months) AS closed_12_months
        FROM feature f GROUP BY GROUPING SETS ((), (f.province_code), (f.regency_code))
    ), shares AS (
        SELECT o.code, count(*) AS shared
        FROM feature f CROSS JOIN LATERAL unnest(f.shared_with) AS o(code)
        WHERE f.shared_with <> '{}' GROUP BY o.code
    ), people AS (
        SELECT CASE GROUPING(h.province_code, h.regency_code)
                   WHEN 3 THEN '' WHEN 1 THEN h.province_code ELSE h.regency_code END AS code,
               sum(h.n) FILTER (WHERE h.site_type = 'lokalisasi') AS people,
               sum(h.n) FILTER (WHERE h.site_type = 'lokasi') AS lokasi_people
        FROM (
            SELECT p.n, f.site_type, coalesce(place.province_code, f.province_code) AS province_code,
                   coalesce(place.regency_code, f.regency_code) AS regency_code
            FROM register.people_at(as_of, known_at) p
            JOIN feature f ON f.id = p.site_id
            LEFT JOIN register.places_at(regions_on) place ON place.regency_today = p.region_code
        ) h
        GROUP BY GROUPING SETS ((), (h.province_code), (h.regency_code))
    )
    SELECT r.level, r.code, r.iso_code, r.name, r.kind, r.parent_code, r.parent_name,
           r.valid_from, r.valid_to, r.area_km2,
           coalesce(c.sites_total, 0), coalesce(c.active, 0), coalesce(c.planned, 0), coalesce(c.closed, 0),
           coalesce(c.reactivated, 0),
           coalesce(c.lokasi_total, 0), coalesce(c.lokasi_active, 0), coalesce(c.lokasi_planned, 0),
           coalesce(c.lokasi_closed, 0), coalesce(c.lokasi_reactivated, 0),
           coalesce(s.shared, 0), coalesce(c.disputed, 0), p.people, p.lokasi_people, c.last_event_on,
           coalesce(c.closed_12_months, 0)
    FROM named r
    LEFT JOIN counts c ON c.code = coalesce(r.code, '')
    LEFT JOIN shares s ON s.code = r.code
    LEFT JOIN people p ON p.code = coalesce(r.code, '')
    ORDER BY r.code;
END;
