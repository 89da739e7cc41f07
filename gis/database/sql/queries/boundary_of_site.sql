-- The boundary that a decree sets for a site, as known at a day, compared with the area that is mapped today.
-- Of several decrees up to the day the newest one counts; one whose day is not stated counts before all others.
-- Parameters: site_id, as_of, known_at (null: today's belief).
-- Columns: is_area (whether the site is mapped as an area), point_distance_m (of a site that is mapped as a point:
--   metres outside of the decree's area, 0 inside), id, geometry (GeoJSON), legal_instrument, legal_number, dated_on,
--   source, source_url, note, synthetic, known_on, reported (null without a decree), then mapped_m2, decree_m2,
--   overlap_m2, beyond_decree_m, beyond_mapped_m, precision_m (null unless both are areas).
-- Order: at most one row.
SELECT ST_Dimension(s.geom) = 2,
       CASE WHEN ST_Dimension(s.geom) = 0 THEN ST_Distance(s.geom::geography, b.geom::geography) END,
       b.id, ST_AsGeoJSON(ST_ForcePolygonCCW(b.geom), 7, 0)::json, b.legal_instrument, b.legal_number, b.dated_on,
       b.source, b.source_url, b.note, b.synthetic, b.known_on, b.reported_on IS NOT NULL,
       c.mapped_m2, c.decree_m2, c.overlap_m2, c.beyond_decree_m, c.beyond_mapped_m, c.precision_m
FROM register.site s
LEFT JOIN LATERAL (
    SELECT * FROM register.decree_boundary d
    WHERE d.site_id = s.id AND NOT d.retracted AND (d.dated_on IS NULL OR d.dated_on <= %(as_of)s)
      AND d.known_on IS NOT NULL AND (%(known_at)s::date IS NULL OR d.known_on <= %(known_at)s)
      AND NOT EXISTS (
          SELECT FROM register.decree_boundary later
          WHERE later.corrects_id = d.id
            AND later.known_on IS NOT NULL AND (%(known_at)s::date IS NULL OR later.known_on <= %(known_at)s))
    ORDER BY d.dated_on DESC NULLS LAST, d.recorded_at DESC, d.id
    LIMIT 1
) b ON true
LEFT JOIN LATERAL register.compare_areas(CASE WHEN ST_Dimension(s.geom) = 2 THEN s.geom END, b.geom) c ON true
WHERE s.id = %(site_id)s
