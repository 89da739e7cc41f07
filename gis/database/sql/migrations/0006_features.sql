-- What leaves the register: sites with the properties of every output, and the counts of a region.
-- Functions of one SELECT, STABLE, so that PostgreSQL inlines them and a filter outside reaches the indexes.

-- For each regency of today: what it was called at a time and which province it belonged to then. Derived from
-- `region`, so that a read needs one small table instead of a three-way join over ranges.
CREATE TABLE register.place (
    regency_today  text NOT NULL,
    valid          daterange NOT NULL,
    regency_code   text NOT NULL,
    regency_name   text NOT NULL,
    province_today text NOT NULL,
    province_code  text NOT NULL,
    province_name  text NOT NULL,
    -- Today's provinces came into being by splits, so the first regency of each tells where all of it was.
    for_province   boolean NOT NULL,
    PRIMARY KEY (regency_today, valid)
);
CREATE UNIQUE INDEX place_province_idx ON register.place (province_today, valid) WHERE for_province;

CREATE FUNCTION register.refresh_places() RETURNS trigger
    LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    DELETE FROM register.place;
    INSERT INTO register.place
    SELECT t.code, r.valid * p.valid, r.code, r.name, t.parent_code, p.code, p.name,
           t.code = min(t.code) OVER (PARTITION BY t.parent_code)
    FROM register.region t
    JOIN register.region r ON r.level = 'regency' AND r.code_today = t.code
    JOIN register.region p ON p.level = 'province' AND p.code = r.parent_code AND p.valid && r.valid
    WHERE t.level = 'regency' AND upper_inf(t.valid);
    ANALYZE register.place;  -- every read joins it; without its numbers the planner guesses nested loops
    RETURN NULL;
END $$;
CREATE TRIGGER region_places AFTER INSERT OR UPDATE OR DELETE ON register.region
    FOR EACH STATEMENT EXECUTE FUNCTION register.refresh_places();

-- Places at a day. regions_on: the day whose regions are meant.
CREATE FUNCTION register.places_at(regions_on date)
    RETURNS TABLE (regency_today text, regency_code text, regency_name text,
                   province_today text, province_code text, province_name text)
    LANGUAGE sql STABLE PARALLEL SAFE
BEGIN ATOMIC
    SELECT p.regency_today, p.regency_code, p.regency_name, p.province_today, p.province_code, p.province_name
    FROM register.place p WHERE p.valid @> regions_on;
END;

-- The same for the provinces of today.
CREATE FUNCTION register.province_places_at(regions_on date)
    RETURNS TABLE (province_today text, province_code text, province_name text)
    LANGUAGE sql STABLE PARALLEL SAFE
BEGIN ATOMIC
    SELECT p.province_today, p.province_code, p.province_name
    FROM register.place p WHERE p.for_province AND p.valid @> regions_on;
END;

-- Residents by site and region of today: the latest count up to a day, as known at another.
CREATE FUNCTION register.people_at(as_of date, known_at date)
    RETURNS TABLE (site_id bigint, region_code text, n integer)
    LANGUAGE sql STABLE PARALLEL SAFE
BEGIN ATOMIC
    SELECT DISTINCT ON (h.site_id, h.region_code) h.site_id, h.region_code, h.n
    FROM register.headcount h
    WHERE h.definition = 'resident' AND h.counted_on <= as_of
      AND h.known_on IS NOT NULL AND (known_at IS NULL OR h.known_on <= known_at)
    ORDER BY h.site_id, h.region_code, h.counted_on DESC, h.recorded_at DESC, h.id DESC;
END;

CREATE TYPE register.site_feature AS (
    id bigint, name text, site_type text, status text, status_group text, status_since date, closed_on date,
    province_code text, province_name text, regency_code text, regency_name text,
    province_join_method text, regency_join_method text, shared_with text[], location_accuracy text,
    people bigint, synthetic boolean, source_url text, updated_at timestamptz,
    geom geometry(Geometry, 4326), disputed boolean, last_event_on date, closed_12_months boolean
);

-- Few sites lie in more than one region; only those are asked for their other ones.
CREATE INDEX site_region_shared_idx ON register.site_region (site_id) WHERE NOT is_primary;

-- The other regions that a site touches, with the codes of a day.
CREATE FUNCTION register.shared_regions_at(regions_on date)
    RETURNS TABLE (site_id bigint, region_codes text[])
    LANGUAGE sql STABLE PARALLEL SAFE
BEGIN ATOMIC
    SELECT o.site_id, array_agg(DISTINCT coalesce(r.regency_code, p.province_code))
    FROM register.site_region o
    JOIN register.site s ON s.id = o.site_id
    LEFT JOIN register.places_at(regions_on) r ON o.level = 'regency' AND r.regency_today = o.region_code
    LEFT JOIN register.province_places_at(regions_on) p ON o.level = 'province' AND p.province_today = o.region_code
    LEFT JOIN register.province_places_at(regions_on) own ON own.province_today = s.province_code
    WHERE NOT o.is_primary AND p.province_code IS DISTINCT FROM own.province_code
    GROUP BY o.site_id;
END;

-- Sites that existed at the end of a day, as known at another, with the region codes of a third.
CREATE FUNCTION register.site_features(as_of date, known_at date, regions_on date)
    RETURNS SETOF register.site_feature
    LANGUAGE sql STABLE PARALLEL SAFE
BEGIN ATOMIC
    SELECT s.id, s.name, s.site_type, st.status, st.status_group, st.status_since, st.closed_on,
           p.province_code, p.province_name, r.regency_code, r.regency_name,
           s.province_join_method, s.regency_join_method,
           coalesce(shared.region_codes, '{}'), s.location_accuracy,
           -- By site and not as a join: a few sites ask for a few counts, and who does not read it does not pay.
           (SELECT sum(latest.n) FROM (
                SELECT DISTINCT ON (h.region_code) h.n FROM register.headcount h
                WHERE h.site_id = s.id AND h.definition = 'resident' AND h.counted_on <= as_of
                  AND h.known_on IS NOT NULL AND (known_at IS NULL OR h.known_on <= known_at)
                ORDER BY h.region_code, h.counted_on DESC, h.recorded_at DESC, h.id DESC) latest),
           s.synthetic, s.source_url,
           greatest(s.updated_at, st.updated_at), s.geom, st.disputed, st.last_event_on,
           coalesce(st.closed_on > as_of - interval '12 months', false)
    FROM register.site s
    JOIN register.states_at(as_of, known_at) st ON st.site_id = s.id
    LEFT JOIN register.places_at(regions_on) r ON r.regency_today = s.regency_code
    LEFT JOIN register.province_places_at(regions_on) p ON p.province_today = s.province_code
    LEFT JOIN register.shared_regions_at(regions_on) shared ON shared.site_id = s.id;
END;

-- The sites that a caller may ask for; every list, count and file is a SELECT from here, so that they agree.
-- Nulls mean "no such filter". with_shared: also sites that lie in the region in part and count elsewhere.
-- The envelope is the constant and the column stays bare, so that the index is used; for points `&&` is exact.
CREATE FUNCTION register.find_sites(
    as_of date, known_at date, regions_on date, region text, with_shared boolean, groups text[], site_type text,
    west float8, south float8, east float8, north float8)
    RETURNS SETOF register.site_feature
    LANGUAGE sql STABLE PARALLEL SAFE
BEGIN ATOMIC
    SELECT f.* FROM register.site_features(as_of, known_at, regions_on) f
    WHERE (region IS NULL OR f.id IN (  -- few of all, found before anything is joined
               SELECT sr.site_id FROM register.site_region sr
               WHERE sr.region_code IN (
                   SELECT unnest(ARRAY[p.regency_today, p.province_today]) FROM register.places_at(regions_on) p
                   WHERE region IN (p.regency_code, p.province_code))))
      AND (region IS NULL OR region IN (f.province_code, f.regency_code)
           OR (with_shared AND region = ANY (f.shared_with)))
      AND f.status_group = ANY (groups)
      AND (find_sites.site_type IS NULL OR f.site_type = find_sites.site_type)
      AND (west IS NULL OR (f.geom && ST_MakeEnvelope(west, south, east, north, 4326)
           AND (GeometryType(f.geom) = 'POINT' OR ST_Intersects(f.geom, ST_MakeEnvelope(west, south, east, north, 4326)))));
END;
