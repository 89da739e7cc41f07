-- Plans that stay on the indexes. Under a policy the planner knows of no column how many rows a condition on it meets,
-- unless its operator is leakproof, and takes `valid @> day` for the rarest of all: of a million sites it read the
-- states of all for each site in a box. So a site is found first, by its place or by its region, and then its state.

-- As in 0014. The two beliefs are joined to the site, and not united before: a condition on the site does not reach
-- into a UNION. Of the two one is there, since the other's condition is false before anything is read.
CREATE OR REPLACE FUNCTION register.site_features(as_of date, known_at date, regions_on date)
    RETURNS SETOF register.site_feature
    LANGUAGE sql STABLE PARALLEL SAFE
BEGIN ATOMIC
    SELECT s.id, s.name, s.site_type, coalesce(k.status, d.status), coalesce(k.status_group, d.status_group),
           coalesce(k.status_since, d.status_since), coalesce(k.closed_on, d.closed_on),
           p.province_code, p.province_name, r.regency_code, r.regency_name,
           s.province_join_method, s.regency_join_method,
           coalesce(shared.region_codes, '{}'), s.location_accuracy,
           -- By site and not as a join: a few sites ask for a few counts, and who does not read it does not pay.
           (SELECT sum(latest.n) FROM (
                SELECT DISTINCT ON (coalesce(h.region_code, s.regency_code)) h.n FROM register.headcount h
                WHERE h.site_id = s.id AND h.definition = 'resident' AND h.counted_on <= as_of AND NOT h.retracted
                  AND h.known_on IS NOT NULL AND (known_at IS NULL OR h.known_on <= known_at)
                  AND NOT EXISTS (SELECT FROM register.headcount c
                                  WHERE c.corrects_id = h.id AND c.known_on IS NOT NULL
                                    AND (known_at IS NULL OR c.known_on <= known_at))
                ORDER BY coalesce(h.region_code, s.regency_code), h.counted_on DESC, h.recorded_at DESC,
                         h.id DESC) latest),
           s.synthetic, s.source_url,
           greatest(s.updated_at, k.updated_at, d.updated_at), s.geom, coalesce(k.disputed, d.disputed),
           coalesce(k.last_event_on, d.last_event_on),
           coalesce(coalesce(k.closed_on, d.closed_on) > as_of - interval '12 months', false)
    FROM register.site s
    LEFT JOIN register.site_state k ON known_at IS NULL AND k.site_id = s.id AND k.valid @> as_of
    LEFT JOIN register.derive_states(NULL, known_at) d
           ON known_at IS NOT NULL AND d.site_id = s.id AND d.valid @> as_of
    LEFT JOIN register.places_at(regions_on) r ON r.regency_today = s.regency_code
    LEFT JOIN register.province_places_at(regions_on) p ON p.province_today = s.province_code
    LEFT JOIN register.shared_regions_at(regions_on) shared ON shared.site_id = s.id
    WHERE k.site_id IS NOT NULL OR d.site_id IS NOT NULL;
END;

-- As in 0006. The sites of a region are an array that is made once: with a subquery in its place no index of sites is
-- asked, since it stands behind an OR.
CREATE OR REPLACE FUNCTION register.find_sites(
    as_of date, known_at date, regions_on date, region text, with_shared boolean, groups text[], site_type text,
    west float8, south float8, east float8, north float8)
    RETURNS SETOF register.site_feature
    LANGUAGE sql STABLE PARALLEL SAFE
BEGIN ATOMIC
    SELECT f.* FROM register.site_features(as_of, known_at, regions_on) f
    WHERE (region IS NULL OR f.id = ANY ((
               SELECT array_agg(sr.site_id) FROM register.site_region sr
               WHERE sr.region_code IN (
                   SELECT unnest(ARRAY[p.regency_today, p.province_today]) FROM register.places_at(regions_on) p
                   WHERE region IN (p.regency_code, p.province_code)))::bigint[]))
      AND (region IS NULL OR region IN (f.province_code, f.regency_code)
           OR (with_shared AND region = ANY (f.shared_with)))
      AND f.status_group = ANY (groups)
      AND (find_sites.site_type IS NULL OR f.site_type = find_sites.site_type)
      AND (west IS NULL OR (f.geom && ST_MakeEnvelope(west, south, east, north, 4326)
           AND (GeometryType(f.geom) = 'POINT' OR ST_Intersects(f.geom, ST_MakeEnvelope(west, south, east, north, 4326)))));
END;
