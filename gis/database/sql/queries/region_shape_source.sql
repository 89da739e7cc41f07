-- Regions without their summary, which an extent does not need; those that region_source has for whoever asks.
-- Parameters: levels, regions_on, region.
-- Columns: code, geom.
SELECT r.code, r.geom
FROM register.region r
WHERE r.level = ANY (%(levels)s) AND r.valid @> %(regions_on)s::date
  AND (%(region)s::text IS NULL OR r.code = %(region)s OR r.parent_code = %(region)s)
  AND ((SELECT register.current_scope()) IS NULL OR register.is_visible_region(r.level, r.code, %(regions_on)s))
