-- Where new regions are copied to: COPY does not work into a table with row-level security (design, decision 6).
-- Parameters: none.
CREATE TEMPORARY TABLE staged_region ON COMMIT DROP AS
SELECT r.level, r.code, r.code_today, r.parent_code, r.name, r.kind, r.iso_code, r.bps_code,
       NULL::date AS valid_from, NULL::date AS valid_to, r.area_km2,
       r.label_point, r.geom, r.geom_map, r.geom_overview
FROM register.region r WITH NO DATA
