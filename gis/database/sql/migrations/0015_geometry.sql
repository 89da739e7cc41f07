-- What a decree says of a site's boundary, beside what was mapped (domain.md, "Seven things", 4); and where a place
-- that is only being drawn would belong.

CREATE TABLE register.decree_boundary (
    id               bigint PRIMARY KEY DEFAULT register.random_id(),
    external_id      text UNIQUE CHECK (length(external_id) BETWEEN 1 AND 200),  -- the sender's own key
    site_id          bigint NOT NULL REFERENCES register.site,
    -- As of site.geom: the cap on vertices comes before the validity check.
    geom             geometry(Geometry, 4326) NOT NULL CONSTRAINT decree_boundary_geom_check CHECK (CASE
        WHEN GeometryType(geom) NOT IN ('POLYGON', 'MULTIPOLYGON') OR ST_IsEmpty(geom) THEN false
        WHEN ST_NPoints(geom) > 100000 THEN false
        WHEN NOT (ST_XMin(geom) >= -180 AND ST_XMax(geom) <= 180
                  AND ST_YMin(geom) >= -90 AND ST_YMax(geom) <= 90) THEN false
        ELSE ST_IsValid(geom) END),
    wkt              text NOT NULL GENERATED ALWAYS AS (ST_AsText(geom, 15)) STORED,  -- as it was entered, for undoing
    legal_instrument text NOT NULL CHECK (length(btrim(legal_instrument)) BETWEEN 1 AND 2000),
    legal_number     text,
    dated_on         date CHECK (dated_on BETWEEN '1900-01-01' AND '2199-12-31'),  -- null: the source does not say
    source           text NOT NULL,
    source_url       text,
    note             text,
    synthetic        boolean NOT NULL DEFAULT false,
    corrects_id      bigint REFERENCES register.decree_boundary,  -- what this one retracts or replaces
    retracted        boolean NOT NULL DEFAULT false,  -- true: the other one does not hold, and this is no boundary
    recorded_at      timestamptz NOT NULL DEFAULT now(),
    approved_at      timestamptz DEFAULT now(),
    reported_on      date,                 -- loaded rows: the day of their report, used as the known day
    known_on         date GENERATED ALWAYS AS (CASE WHEN approved_at IS NOT NULL
        THEN coalesce(reported_on, (approved_at AT TIME ZONE 'Asia/Jakarta')::date) END) STORED,
    CHECK (NOT retracted OR corrects_id IS NOT NULL),
    CHECK (corrects_id <> id)
);
CREATE INDEX decree_boundary_site_idx ON register.decree_boundary (site_id);
CREATE INDEX decree_boundary_corrects_idx ON register.decree_boundary (corrects_id) WHERE corrects_id IS NOT NULL;

CALL register.guard('register.decree_boundary', $$EXISTS (SELECT FROM register.site s WHERE s.id = site_id)$$);
CALL register.keep_audit('register.decree_boundary');

CREATE TRIGGER decree_boundary_append_only BEFORE UPDATE OR DELETE ON register.decree_boundary
    FOR EACH ROW EXECUTE FUNCTION register.refuse_change();
CREATE TRIGGER decree_boundary_no_truncate BEFORE TRUNCATE ON register.decree_boundary
    FOR EACH STATEMENT EXECUTE FUNCTION register.refuse_change();

-- A correction stays within its site.
CREATE FUNCTION register.decree_boundary_check_correction() RETURNS trigger
    LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF NOT EXISTS (SELECT FROM register.decree_boundary b WHERE b.id = NEW.corrects_id AND b.site_id = NEW.site_id) THEN
        RAISE EXCEPTION 'corrects_id %: there is no such boundary of site %', NEW.corrects_id, NEW.site_id
            USING ERRCODE = 'foreign_key_violation', CONSTRAINT = 'decree_boundary_corrects_own_site',
                  COLUMN = 'corrects_id';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER decree_boundary_correction BEFORE INSERT ON register.decree_boundary
    FOR EACH ROW WHEN (NEW.corrects_id IS NOT NULL) EXECUTE FUNCTION register.decree_boundary_check_correction();

-- After the sites and before their events; 25 is free between the two.
INSERT INTO register.collection VALUES ('boundaries', 'decree_boundary', 25);

-- Makes boundaries of drafts, in the order of the file: one may correct another that stands further up.
CREATE FUNCTION register.apply_boundaries(draft_ids bigint[])
    RETURNS TABLE (draft_id bigint, fact_id bigint, region_codes text[])
    LANGUAGE sql SET search_path = register, public, pg_temp
AS $$
    WITH entered AS MATERIALIZED (
        SELECT d.id AS draft_id, d.fact_id, d.row_number, d.part, c.*
        FROM draft d
        CROSS JOIN jsonb_to_record(d.content) AS c(
            external_id text, site_id bigint, wkt text, legal_instrument text, legal_number text, dated_on date,
            source text, source_url text, note text, reported_on date, corrects_id bigint, retracted boolean,
            synthetic boolean)
        WHERE d.id = ANY (draft_ids)
    ), made AS (
        INSERT INTO decree_boundary (id, external_id, site_id, geom, legal_instrument, legal_number, dated_on, source,
                                     source_url, note, reported_on, corrects_id, retracted, synthetic)
        SELECT e.fact_id, e.external_id, e.site_id, ST_GeomFromText(e.wkt, 4326), e.legal_instrument, e.legal_number,
               e.dated_on, e.source, e.source_url, e.note, e.reported_on, e.corrects_id,
               coalesce(e.retracted, false), coalesce(e.synthetic, false)
        FROM entered e ORDER BY e.row_number, e.part
    )
    SELECT e.draft_id, e.fact_id, s.region_codes FROM entered e JOIN site s ON s.id = e.site_id
$$;
REVOKE EXECUTE ON FUNCTION register.apply_boundaries FROM PUBLIC;

-- How far the line of one polygon is from that of another at most, in metres: from each vertex and each point
-- between, at most step_m apart, to the nearest point of the other line. That is found in a plane whose longitudes are
-- shortened as between the shapes, and measured on the WGS 84 ellipsoid (of shapes up to 10 km across within
-- 1 in 10,000; PostGIS' own distances from points to lines take the edge that is nearest on a sphere, and are up to
-- 3 in 1,000 too long). At most half of step_m short of the true value, which may lie between two points.
CREATE FUNCTION register.largest_distance(from_shape geometry, to_shape geometry, step_m double precision)
    RETURNS double precision
    LANGUAGE sql IMMUTABLE PARALLEL SAFE SET search_path = register, public, pg_temp
AS $$
    WITH plane AS (
        SELECT register.longitude_shortening((ST_YMin(box) + ST_YMax(box)) / 2) AS x_factor
        FROM ST_Collect(from_shape, to_shape) AS box
    ), flat AS MATERIALIZED (  -- no degree is longer than 111.7 km
        SELECT ST_Segmentize(ST_Scale(ST_Boundary(from_shape), x_factor, 1), step_m / 111700) AS here,
               ST_Scale(ST_Boundary(to_shape), x_factor, 1) AS there, x_factor
        FROM plane
    ), way AS (
        SELECT ST_Scale(ST_ShortestLine(p.geom, there), 1 / x_factor, 1) AS line FROM flat, ST_DumpPoints(here) AS p
    )
    SELECT max(ST_Distance(ST_StartPoint(line)::geography, ST_EndPoint(line)::geography)) FROM way
$$;

-- Two areas beside each other: geodesic square metres on the WGS 84 ellipsoid, what they share, and how far their
-- lines are apart at most in each direction (null between shapes with too many vertices to do it while somebody
-- waits). Edges are straight in longitude and latitude, as in GeoJSON. `precision_m` is what a distance may be short by.
CREATE FUNCTION register.compare_areas(mapped geometry, decreed geometry)
    RETURNS TABLE (mapped_m2 double precision, decree_m2 double precision, overlap_m2 double precision,
                   beyond_decree_m double precision, beyond_mapped_m double precision, precision_m double precision)
    LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE SET search_path = public, pg_temp
AS $$
    SELECT ST_Area(mapped::geography), ST_Area(decreed::geography),
           ST_Area(ST_CollectionExtract(ST_Intersection(mapped, decreed), 3)::geography),
           CASE WHEN few THEN register.largest_distance(mapped, decreed, step.m) END,
           CASE WHEN few THEN register.largest_distance(decreed, mapped, step.m) END,
           CASE WHEN few THEN step.m / 2 END
    FROM (SELECT greatest(1, ST_Length(ST_Boundary(mapped)::geography) / 2000,
                          ST_Length(ST_Boundary(decreed)::geography) / 2000) AS m,
                 -- points that are tried, times the vertices that each is held against: 0.7 s at most
                 (ST_NPoints(mapped) + 2000.0) * ST_NPoints(decreed)
                 + (ST_NPoints(decreed) + 2000.0) * ST_NPoints(mapped) <= 20000000 AS few) step
$$;
GRANT EXECUTE ON FUNCTION register.largest_distance, register.compare_areas TO atlas_app, atlas_national, atlas_scoped;

-- Where a place would belong: a site is put there, joined by the rule of all sites, looked at and rolled back, so that
-- what a form shows is never a second rule. Also whether it lies within the scope of whoever asks. It tells about
-- regions alone, which are public knowledge.
CREATE FUNCTION register.locate(place geometry, declared text[] DEFAULT '{}')
    RETURNS TABLE (level text, region_code text, region_name text, share double precision, is_primary boolean,
                   method text, within_scope boolean)
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = register, public, pg_temp AS $$
#variable_conflict use_column
DECLARE
    scope text := register.current_scope();
    probe bigint;
    found jsonb;
BEGIN
    IF place IS NOT NULL AND ST_NPoints(place) > 5000 THEN
        RAISE EXCEPTION 'the place has % vertices, at most 5000 are looked up', ST_NPoints(place)
            USING ERRCODE = 'check_violation', TABLE = 'site', COLUMN = 'geom', CONSTRAINT = 'locate_vertices';
    END IF;
    BEGIN
        INSERT INTO site (name, site_type, geom, location_accuracy, location_source, declared_region_codes)
        VALUES ('-', 'lokasi', place, CASE WHEN place IS NULL THEN 'regency' ELSE 'exact' END, '-', declared)
        RETURNING id INTO probe;
        SELECT jsonb_agg(to_jsonb(f)) INTO found FROM (
            SELECT r.level, r.region_code, r.share, r.is_primary,
                   CASE r.level WHEN 'province' THEN s.province_join_method ELSE s.regency_join_method END AS method
            FROM site_region r JOIN site s ON s.id = r.site_id
            WHERE r.site_id = probe
            ORDER BY r.level, r.is_primary DESC, r.share DESC, r.region_code) f;
        RAISE EXCEPTION 'looked at' USING ERRCODE = 'AT001';
    EXCEPTION WHEN SQLSTATE 'AT001' THEN
        NULL;  -- the rollback of this block is what was wanted
    END;
    RETURN QUERY
        SELECT f.level, f.region_code, r.name, f.share, f.is_primary, f.method,
               scope IS NULL OR bool_or(f.region_code = scope) OVER ()
        FROM jsonb_to_recordset(found) AS f(
            level text, region_code text, share double precision, is_primary boolean, method text)
        JOIN region r ON r.code = f.region_code AND upper_inf(r.valid)
        ORDER BY f.level, f.is_primary DESC, f.share DESC, f.region_code;
END $$;
GRANT EXECUTE ON FUNCTION register.locate TO atlas_national, atlas_scoped;
