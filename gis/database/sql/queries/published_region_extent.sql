-- How many regions of a level there are, and the box around them.
-- Parameters: boundaries_id, levels (text[] of one level), regions_on, region (that one, and the regencies of
--   that province; null: all).
-- Columns: n, west, south, east, north, synthetic (false: shapes are not).
SELECT count(*), ST_XMin(ST_Extent(r.geom)), ST_YMin(ST_Extent(r.geom)), ST_XMax(ST_Extent(r.geom)), ST_YMax(ST_Extent(r.geom)),
       false
FROM published.region r
WHERE r.boundaries_id = %(boundaries_id)s AND r.level = ANY (%(levels)s) AND r.valid @> %(regions_on)s::date
  AND (%(region)s::text IS NULL OR %(region)s IN (r.code, r.parent_code))
