-- Regions of a level as they were on a day.
-- Parameters: level (province, regency), on (date), parent_code (a province's regencies only; null: all).
-- Columns: as gis.domain.regions.Region, in its order; label lon, lat and west, south, east, north at the end.
-- Order: code.
SELECT r.level, r.code, r.code_today, r.parent_code, r.name, r.kind, r.iso_code, r.bps_code,
       lower(r.valid), upper(r.valid), r.area_km2,
       ST_X(r.label_point), ST_Y(r.label_point),
       ST_XMin(r.geom), ST_YMin(r.geom), ST_XMax(r.geom), ST_YMax(r.geom)
FROM register.region r
WHERE r.level = %(level)s AND r.valid @> %(on)s::date
  AND (%(parent_code)s::text IS NULL OR r.parent_code = %(parent_code)s)
ORDER BY r.code
