-- How many regions a summary lists and the box that holds them.
-- Parameters: level, regions_on, region.
-- Columns: n, west, south, east, north.
-- Order: one row.
SELECT count(*), ST_XMin(ST_Extent(r.geom)), ST_YMin(ST_Extent(r.geom)),
       ST_XMax(ST_Extent(r.geom)), ST_YMax(ST_Extent(r.geom))
FROM register.region r
WHERE r.level = %(level)s AND r.valid @> %(regions_on)s::date
  AND (%(region)s::text IS NULL OR r.code = %(region)s OR r.parent_code = %(region)s);
