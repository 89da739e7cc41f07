-- Regions of a release as GeoJSON features (RFC 7946), one JSON text a row, made for COPY; what is not public of a level
-- is not there.
-- Parameters: release_id, boundaries_id, levels (text[] of one level), figure_on, regions_on, region.
-- Columns: feature (text). Order: code.
SELECT '{"type":"Feature","id":"' || s.code || '","geometry":' || ST_AsGeoJSON(ST_ForcePolygonCCW(r.geom), 7, 0)
       || ',"properties":' || CASE s.level WHEN 'regency' THEN row_to_json(small.*) ELSE row_to_json(large.*) END || '}'
FROM published.regional_summary(%(release_id)s, %(levels)s, %(figure_on)s, %(regions_on)s, %(region)s) s
JOIN published.region r ON r.boundaries_id = %(boundaries_id)s AND r.level = s.level AND r.code = s.code
                       AND r.valid @> %(regions_on)s::date
CROSS JOIN LATERAL (
    SELECT s.code, s.iso_code, s.level, s.name, s.parent_code, s.valid_from, s.valid_to, round(s.area_km2::numeric, 1) AS area_km2,
           s.closed, s.lokasi_closed
) small
CROSS JOIN LATERAL (
    SELECT s.code, s.iso_code, s.level, s.name, s.parent_code, s.valid_from, s.valid_to, round(s.area_km2::numeric, 1) AS area_km2,
           s.active + s.planned + s.closed AS sites_total, s.lokasi_active + s.lokasi_planned + s.lokasi_closed AS lokasi_total,
           s.active, s.planned, s.closed,
           round(s.closed::numeric / nullif(s.active + s.planned + s.closed, 0), 4) AS closed_share,
           s.people, s.people_withheld, s.active + s.planned AS target_gap
) large
WHERE s.level = ANY (%(levels)s)
ORDER BY s.code
