-- Every period in which a code was borne, and, of a regency of today, every period that it has had.
-- Parameters: code (a province's or regency's).
-- Columns: as region_list.
-- Order: from when it was valid, oldest first, then code.
SELECT r.level, r.code, r.code_today, r.parent_code, r.name, r.kind, r.iso_code, r.bps_code,
       lower(r.valid), upper(r.valid), r.area_km2,
       ST_X(r.label_point), ST_Y(r.label_point),
       ST_XMin(r.geom), ST_YMin(r.geom), ST_XMax(r.geom), ST_YMax(r.geom)
FROM register.region r
WHERE r.code_today IN (SELECT o.code_today FROM register.region o WHERE o.code = %(code)s)
ORDER BY lower(r.valid) NULLS FIRST, r.code
