-- Every region that ever bore a code, and what today's bearer was before.
-- Parameters: boundaries_id, code.
-- Columns: level, code, code_today, parent_code, name, kind, iso_code, valid_from, valid_to, area_km2, west,
--   south, east, north.
-- Order: by the start of the period.
SELECT r.level, r.code, r.code_today, r.parent_code, r.name, r.kind, r.iso_code, lower(r.valid) AS valid_from,
       upper(r.valid) AS valid_to, r.area_km2, ST_XMin(r.geom) AS west, ST_YMin(r.geom) AS south, ST_XMax(r.geom) AS east,
       ST_YMax(r.geom) AS north
FROM published.region r
WHERE r.boundaries_id = %(boundaries_id)s AND r.code = %(code)s
ORDER BY lower(r.valid) NULLS FIRST
