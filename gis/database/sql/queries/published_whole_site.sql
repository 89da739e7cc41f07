-- The sites of a release, with regions of today.
-- Parameters: release_id.
-- Columns: id, name, site_type, closed_on, province, regency (codes; null: in none), region_codes, location_accuracy,
--   synthetic, geometry (GeoJSON, the centre of its cell; null: known by its regency only).
-- Order: name, id.
SELECT s.id, s.name, s.site_type, s.closed_on, s.province_code AS province, s.regency_code AS regency, s.region_codes,
       s.location_accuracy, s.synthetic, ST_AsGeoJSON(s.geom, 3, 0)::json AS geometry
FROM published.site s
WHERE s.release_id = %(release_id)s
ORDER BY s.name, s.id
