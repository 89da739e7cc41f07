-- Regencies that hold at least one site, with a point inside each, for the map far out.
-- Parameters: as_of, known_at, regions_on, region (that regency, or those of that province; null: all).
-- Columns: code, name, parent_code, lon, lat, sites_total, lokasi_total, active, planned, closed, reactivated.
-- Order: code.
SELECT s.code, s.name, s.parent_code, round(ST_X(r.label_point)::numeric, 4)::float8,
       round(ST_Y(r.label_point)::numeric, 4)::float8, s.sites_total, s.lokasi_total,
       s.active, s.planned, s.closed, s.reactivated
FROM register.regional_summary('regency', %(as_of)s, %(known_at)s, %(regions_on)s, %(region)s) s
JOIN register.region r ON r.level = 'regency' AND r.code = s.code AND r.valid @> %(regions_on)s::date
WHERE s.sites_total + s.lokasi_total > 0
ORDER BY s.code;
