-- Pages that cost the same however large the register is. Under a policy the planner may use what it knows of a column
-- only for leakproof operators. Comparisons of dates are, `range @> date` is not: it took a state that is true today for
-- one in two hundred and read those of all sites before the first row of a page. So the days of a state are compared as
-- dates, and counted.

CREATE STATISTICS register.site_state_days (mcv)
    ON (lower(valid)), (coalesce(upper(valid), 'infinity'::date)) FROM register.site_state;

-- As in 0005.
CREATE OR REPLACE FUNCTION register.states_at(as_of date, known_at date)
    RETURNS SETOF register.site_state
    LANGUAGE sql STABLE PARALLEL SAFE
BEGIN ATOMIC
    SELECT s.* FROM register.site_state s
    WHERE known_at IS NULL AND lower(s.valid) <= as_of AND coalesce(upper(s.valid), 'infinity') > as_of
    UNION ALL
    SELECT d.* FROM register.derive_states(NULL, known_at) d WHERE known_at IS NOT NULL AND d.valid @> as_of;
END;

-- Sites without a place are in every box that is asked for (OGC API – Features core, abstract test 15). The index of places
-- would be read as a whole to find them.
CREATE INDEX site_placeless_idx ON register.site (id) WHERE geom IS NULL;

-- As in 0022. Which belief is meant is known before anything is read, and is said by CASE, of which one branch is left when
-- the statement is planned: a condition on the status is then one on a column that the planner knows, and not on a coalesce
-- of two, of which it took one row in two hundred. Of names there is one for each site; asked for by site, they are found by
-- their key also where the planner takes a few sites for one, and are remembered where there are many.
CREATE OR REPLACE FUNCTION register.site_features(as_of date, known_at date, regions_on date)
    RETURNS SETOF register.site_feature
    LANGUAGE sql STABLE PARALLEL SAFE
BEGIN ATOMIC
    SELECT s.id, s.name, s.site_type,
           CASE WHEN known_at IS NULL THEN k.status ELSE d.status END,
           CASE WHEN known_at IS NULL THEN k.status_group ELSE d.status_group END,
           CASE WHEN known_at IS NULL THEN k.status_since ELSE d.status_since END,
           CASE WHEN known_at IS NULL THEN k.closed_on ELSE d.closed_on END,
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
           greatest(s.updated_at, k.updated_at, d.updated_at), s.geom,
           CASE WHEN known_at IS NULL THEN k.disputed ELSE d.disputed END,
           CASE WHEN known_at IS NULL THEN k.last_event_on ELSE d.last_event_on END,
           coalesce(CASE WHEN known_at IS NULL THEN k.closed_on ELSE d.closed_on END > as_of - interval '12 months', false)
    FROM register.site s
    LEFT JOIN register.site_state k ON known_at IS NULL AND k.site_id = s.id AND lower(k.valid) <= as_of
                                    AND coalesce(upper(k.valid), 'infinity') > as_of
    LEFT JOIN register.derive_states(NULL, known_at) d
           ON known_at IS NOT NULL AND d.site_id = s.id AND d.valid @> as_of
    LEFT JOIN LATERAL (SELECT w.regency_code, w.regency_name FROM register.place w
                       WHERE w.regency_today = s.regency_code AND w.valid @> regions_on LIMIT 1) r ON true
    LEFT JOIN LATERAL (SELECT w.province_code, w.province_name FROM register.place w
                       WHERE w.for_province AND w.province_today = s.province_code AND w.valid @> regions_on LIMIT 1) p ON true
    LEFT JOIN register.shared_regions_at(regions_on) shared ON shared.site_id = s.id
    WHERE CASE WHEN known_at IS NULL THEN k.site_id ELSE d.site_id END IS NOT NULL;
END;
