-- Makes regions of what was staged.
-- Parameters: none.
INSERT INTO register.region (level, code, code_today, parent_code, name, kind, iso_code, bps_code, valid, area_km2,
                             label_point, geom, geom_map, geom_overview)
SELECT s.level, s.code, s.code_today, s.parent_code, s.name, s.kind, s.iso_code, s.bps_code,
       daterange(s.valid_from, s.valid_to), s.area_km2, s.label_point, s.geom, s.geom_map, s.geom_overview
FROM staged_region s
ORDER BY s.level, s.code, s.valid_from NULLS FIRST
