-- How many sites a query finds and the box that holds those with a geometry.
-- Parameters: as those of site_find, without row_limit.
-- Columns: n, west, south, east, north (null without a geometry), synthetic (whether any is).
-- Order: one row.
SELECT count(*), ST_XMin(ST_Extent(f.geom)), ST_YMin(ST_Extent(f.geom)),
       ST_XMax(ST_Extent(f.geom)), ST_YMax(ST_Extent(f.geom)), coalesce(bool_or(f.synthetic), false)
FROM register.find_sites(%(as_of)s, %(known_at)s, %(regions_on)s, %(region)s, %(with_shared)s, %(groups)s,
                         %(site_type)s, %(west)s, %(south)s, %(east)s, %(north)s) f
-- find_sites asks the boxes of the index, which are of single precision: up to a metre too much.
WHERE %(west)s::float8 IS NULL OR ST_Intersects(f.geom, ST_MakeEnvelope(%(west)s, %(south)s, %(east)s, %(north)s, 4326));
