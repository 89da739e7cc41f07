-- Sites as nearly everybody asks for them, made when something is written and not when it is read: of today or a later day,
-- as believed now, with the names of that day, as columns and as the bytes of GeoJSON. A page of them is read from one
-- table: of six joins nothing is left to plan or to do. (100 of 100,000 sites in a box: 4.7 ms, and 0.5 from here.)
--
-- For national roles alone: a scoped one does not count the people of the other part of a site, so that its features are
-- others, and it asks register.site_features as before, as does whoever asks for the past.

CREATE TABLE register.ready_site (
    id                   bigint NOT NULL,
    name                 text,
    site_type            text NOT NULL,
    status               text NOT NULL,
    status_group         text NOT NULL,
    status_since         date NOT NULL,
    closed_on            date,
    province_code        text,
    province_name        text,
    regency_code         text,
    regency_name         text,
    province_join_method text,
    regency_join_method  text,
    shared_with          text[] NOT NULL,
    location_accuracy    text NOT NULL,
    people               bigint,
    synthetic            boolean NOT NULL,
    source_url           text,
    updated_at           timestamptz NOT NULL,
    geom                 geometry(Geometry, 4326),
    first_day            date NOT NULL,          -- of the days for which this row holds
    end_day              date NOT NULL,          -- the first for which it does not; infinity if there is none yet
    feature              text NOT NULL,          -- GeoJSON, as gis.database.features writes it
    PRIMARY KEY (id, first_day) INCLUDE (end_day)
);
CREATE INDEX ready_site_geom_idx ON register.ready_site USING gist (geom);
CREATE INDEX ready_site_placeless_idx ON register.ready_site (id) WHERE geom IS NULL;
CREATE INDEX ready_site_status_idx ON register.ready_site (status, id);
CREATE INDEX ready_site_group_idx ON register.ready_site (status_group, id);
CREATE INDEX ready_site_province_idx ON register.ready_site (province_code, id);
CREATE INDEX ready_site_regency_idx ON register.ready_site (regency_code, id);
CREATE INDEX ready_site_shared_idx ON register.ready_site USING gin (shared_with) WHERE shared_with <> '{}';

-- How many sites are ready, by region, type and group: what a map shows from afar, without reading a site. Writers add
-- rows, of which those of one key are to be summed, so that none waits for another; a few thousand are summed up at a time.
CREATE TABLE register.ready_count (
    province_code text,
    regency_code  text,
    site_type     text NOT NULL,
    status_group  text NOT NULL,
    first_day     date NOT NULL,                 -- of the days for which it counts; -infinity if that is in the past
    end_day       date NOT NULL,
    n             bigint NOT NULL                -- more, or fewer
);
DO $$
DECLARE
    made regclass;
BEGIN
    FOREACH made IN ARRAY '{register.ready_site,register.ready_count}'::regclass[] LOOP
        EXECUTE format('ALTER TABLE %s ENABLE ROW LEVEL SECURITY', made);
        EXECUTE format('ALTER TABLE %s FORCE ROW LEVEL SECURITY', made);
        EXECUTE format('CREATE POLICY owner ON %s TO CURRENT_USER USING (true) WITH CHECK (true)', made);
        EXECUTE format('CREATE POLICY national ON %s FOR SELECT TO atlas_national USING (true)', made);
        EXECUTE format('GRANT SELECT ON %s TO atlas_national', made);
    END LOOP;
END $$;

-- What is asked for is never of the past: a day that has gone counts like all others before, so that rows add up.
CREATE FUNCTION register.counted_from(first_day date) RETURNS date
    LANGUAGE sql STABLE
    RETURN CASE WHEN first_day < (now() AT TIME ZONE 'UTC')::date THEN '-infinity' ELSE first_day END;

-- Takes sites away from those that are ready.
CREATE FUNCTION register.end_ready(site_ids bigint[]) RETURNS void
    LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    WITH gone AS (
        DELETE FROM register.ready_site r WHERE r.id = ANY (site_ids)
        RETURNING r.province_code, r.regency_code, r.site_type, r.status_group,
                  register.counted_from(r.first_day) AS counted_from, r.end_day
    )
    INSERT INTO register.ready_count
    SELECT g.province_code, g.regency_code, g.site_type, g.status_group, g.counted_from, g.end_day, -count(*)
    FROM gone g GROUP BY 1, 2, 3, 4, 5, 6;
END $$;

-- One sums up at a time, nobody waits for it, and with a snapshot of its own, without which it would be refused.
CREATE FUNCTION register.sum_up_ready() RETURNS void
    LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF (SELECT count(*) FROM register.ready_count) > 8000
       AND current_setting('transaction_isolation') = 'read committed'
       AND pg_try_advisory_xact_lock(7468012) THEN
        WITH summed AS (DELETE FROM register.ready_count RETURNING *)
        INSERT INTO register.ready_count
        SELECT s.province_code, s.regency_code, s.site_type, s.status_group, register.counted_from(s.first_day),
               s.end_day, sum(s.n)
        FROM summed s GROUP BY 1, 2, 3, 4, 5, 6 HAVING sum(s.n) <> 0;
    END IF;
END $$;

-- Makes sites ready, in the writing transaction. A site has a row for each span of days, from yesterday on, in which nothing
-- of it changes by the calendar alone: a state, a count or a name that begins on a later day begins in a row of its own.
-- From yesterday, since in Jakarta a day begins before it does here. Sites are locked in one order first: two writers of
-- one site would otherwise each make its row without what the other wrote.
CREATE FUNCTION register.make_ready(site_ids bigint[]) RETURNS void
    LANGUAGE plpgsql
    SET search_path = pg_catalog, public, pg_temp
    SET "TimeZone" = 'UTC'                       -- of `updated_at` in the GeoJSON, whoever writes
    SET plan_cache_mode = force_custom_plan      -- one site and a million need other plans (below)
AS $$
DECLARE
    yesterday date := (now() AT TIME ZONE 'UTC')::date - 1;
    span record;
BEGIN
    IF cardinality(site_ids) <= 100 THEN         -- to plan anew takes four times as long as to make one site
        PERFORM set_config('plan_cache_mode', 'force_generic_plan', true);
    END IF;
    PERFORM FROM register.site s WHERE s.id = ANY (site_ids) ORDER BY s.id FOR NO KEY UPDATE;
    PERFORM register.end_ready(site_ids);
    FOR span IN
        WITH changes AS (
            SELECT a.id, yesterday AS day FROM unnest(site_ids) a(id)
            UNION
            SELECT k.site_id, bound.day
            FROM register.site_state k CROSS JOIN LATERAL (VALUES (lower(k.valid)), (upper(k.valid))) bound(day)
            WHERE k.site_id = ANY (site_ids) AND bound.day > yesterday
            UNION
            SELECT h.site_id, h.counted_on FROM register.headcount h
            WHERE h.site_id = ANY (site_ids) AND h.counted_on > yesterday
            UNION
            SELECT a.id, bound.day
            FROM register.place p CROSS JOIN LATERAL (VALUES (lower(p.valid)), (upper(p.valid))) bound(day)
            CROSS JOIN unnest(site_ids) a(id)
            WHERE bound.day > yesterday
        ), spans AS (
            SELECT c.id, c.day, lead(c.day, 1, 'infinity') OVER (PARTITION BY c.id ORDER BY c.day) AS end_day
            FROM changes c
        )
        SELECT s.day, array_agg(s.id) AS ids, array_agg(s.end_day) AS end_days FROM spans s GROUP BY s.day
    LOOP
        INSERT INTO register.ready_site
        SELECT p.*, f.geom, span.day, a.end_day,
               '{"type":"Feature","id":' || f.id || ',"geometry":'
               || coalesce(ST_AsGeoJSON(ST_ForcePolygonCCW(f.geom), 7, 0), 'null')
               || ',"properties":' || row_to_json(p.*) || '}'
        FROM unnest(span.ids, span.end_days) a(id, end_day)
        JOIN register.site_features(span.day, NULL, span.day) f ON f.id = a.id
        CROSS JOIN LATERAL (
            SELECT f.id, f.name, f.site_type, f.status, f.status_group, f.status_since, f.closed_on,
                   f.province_code, f.province_name, f.regency_code, f.regency_name,
                   f.province_join_method, f.regency_join_method,
                   -- What site_features has too, but asked for by site: there it is found for all sites, whichever is wanted.
                   coalesce((SELECT o.region_codes FROM register.shared_regions_at(span.day) o WHERE o.site_id = f.id),
                            '{}') AS shared_with,
                   f.location_accuracy, f.people, f.synthetic, f.source_url, f.updated_at) p;
    END LOOP;
    INSERT INTO register.ready_count
    SELECT r.province_code, r.regency_code, r.site_type, r.status_group, register.counted_from(r.first_day),
           r.end_day, count(*)
    FROM register.ready_site r WHERE r.id = ANY (site_ids) GROUP BY 1, 2, 3, 4, 5, 6;
    PERFORM register.sum_up_ready();
END $$;

CREATE FUNCTION register.ready_after_write() RETURNS trigger
    LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    site_ids bigint[];
BEGIN
    IF TG_TABLE_NAME = 'site' THEN
        IF pg_trigger_depth() > 1 THEN
            RETURN NULL;  -- the join's own update: the statement that it follows from is about to make the same sites
        END IF;
        site_ids := ARRAY(SELECT w.id FROM written w);
    ELSIF TG_TABLE_NAME = 'headcount' THEN
        site_ids := ARRAY(SELECT DISTINCT w.site_id FROM written w
                          WHERE w.known_on IS NOT NULL AND (w.definition = 'resident' OR w.corrects_id IS NOT NULL));
    ELSE
        site_ids := ARRAY(SELECT DISTINCT w.site_id FROM written w);
    END IF;
    IF site_ids <> '{}' THEN
        PERFORM register.make_ready(site_ids);
    END IF;
    RETURN NULL;
END $$;

CREATE FUNCTION register.ready_after_end() RETURNS trigger
    LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    PERFORM register.end_ready(ARRAY(SELECT DISTINCT w.site_id FROM written w));
    RETURN NULL;
END $$;

-- A site that is new has no state yet and is no feature; the last of the triggers of a change of one, after its join. What
-- is stored of the join beside the site's own row (site_region) changes only together with that row.
CREATE TRIGGER site_ready_after_update AFTER UPDATE ON register.site
    REFERENCING NEW TABLE AS written FOR EACH STATEMENT EXECUTE FUNCTION register.ready_after_write();
CREATE TRIGGER site_state_ready_after_insert AFTER INSERT ON register.site_state
    REFERENCING NEW TABLE AS written FOR EACH STATEMENT EXECUTE FUNCTION register.ready_after_write();
CREATE TRIGGER site_state_ready_after_update AFTER UPDATE ON register.site_state
    REFERENCING NEW TABLE AS written FOR EACH STATEMENT EXECUTE FUNCTION register.ready_after_write();
CREATE TRIGGER site_state_ready_after_delete AFTER DELETE ON register.site_state
    REFERENCING OLD TABLE AS written FOR EACH STATEMENT EXECUTE FUNCTION register.ready_after_end();
CREATE TRIGGER headcount_ready_after_insert AFTER INSERT ON register.headcount
    REFERENCING NEW TABLE AS written FOR EACH STATEMENT EXECUTE FUNCTION register.ready_after_write();
CREATE TRIGGER headcount_ready_after_update AFTER UPDATE ON register.headcount
    REFERENCING NEW TABLE AS written FOR EACH STATEMENT EXECUTE FUNCTION register.ready_after_write();

-- Places, derived from regions as in 0006. Only those that changed are written, so that only their sites are made again.
CREATE FUNCTION register.derive_places() RETURNS SETOF register.place
    LANGUAGE sql STABLE
BEGIN ATOMIC
    SELECT t.code, r.valid * p.valid, r.code, r.name, t.parent_code, p.code, p.name,
           t.code = min(t.code) OVER (PARTITION BY t.parent_code)
    FROM register.region t
    JOIN register.region r ON r.level = 'regency' AND r.code_today = t.code
    JOIN register.region p ON p.level = 'province' AND p.code = r.parent_code AND p.valid && r.valid
    WHERE t.level = 'regency' AND upper_inf(t.valid);
END;

CREATE OR REPLACE FUNCTION register.refresh_places() RETURNS trigger
    LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF NOT EXISTS (SELECT FROM register.region) THEN
        RETURN NULL;  -- others are about to come; without this each site would be made twice, the first time without a name
    END IF;
    DELETE FROM register.place p
    USING (SELECT * FROM register.place EXCEPT SELECT * FROM register.derive_places()) gone
    WHERE (p.regency_today, p.valid) = (gone.regency_today, gone.valid);
    INSERT INTO register.place SELECT * FROM register.derive_places() EXCEPT SELECT * FROM register.place;
    ANALYZE register.place;  -- every read joins it; without its numbers the planner guesses nested loops
    RETURN NULL;
END $$;

CREATE FUNCTION register.ready_after_places() RETURNS trigger
    LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    codes text[] := ARRAY(SELECT w.regency_today FROM written w UNION SELECT w.province_today FROM written w);
    site_ids bigint[];
BEGIN
    IF codes = '{}' THEN
        RETURN NULL;
    END IF;
    -- Sites that are being entered or moved are not seen yet, and were made with the names of before: they are waited for.
    LOCK TABLE register.site IN SHARE ROW EXCLUSIVE MODE;
    site_ids := ARRAY(SELECT s.id FROM register.site s WHERE s.region_codes && codes);
    IF site_ids <> '{}' THEN
        PERFORM register.make_ready(site_ids);
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER place_ready_after_insert AFTER INSERT ON register.place
    REFERENCING NEW TABLE AS written FOR EACH STATEMENT EXECUTE FUNCTION register.ready_after_places();
CREATE TRIGGER place_ready_after_update AFTER UPDATE ON register.place
    REFERENCING NEW TABLE AS written FOR EACH STATEMENT EXECUTE FUNCTION register.ready_after_places();
CREATE TRIGGER place_ready_after_delete AFTER DELETE ON register.place
    REFERENCING OLD TABLE AS written FOR EACH STATEMENT EXECUTE FUNCTION register.ready_after_places();

REVOKE EXECUTE ON FUNCTION
    register.counted_from, register.end_ready, register.sum_up_ready, register.make_ready, register.ready_after_write,
    register.ready_after_end, register.ready_after_places, register.derive_places
    FROM PUBLIC;

SELECT register.make_ready(ARRAY(SELECT s.id FROM register.site s));
