-- Regions with sums that were made before, as a collection of features: what region_source tells, without counting again.
-- Parameters: rows (jsonb: an array of objects with the columns of v), regions_on.
-- Columns: gis.domain.regions.REGION_PROPERTIES in their order, then geom.
SELECT v.code, v.iso_code, v.level, v.name, v.parent_code, v.valid_from, v.valid_to, v.area_km2, v.sites_total, v.lokasi_total,
       v.shared, v.active, v.planned, v.closed, v.reactivated, v.closed_share, v.people, v.target_gap, r.geom
FROM jsonb_to_recordset(%(rows)s::jsonb)
     AS v (code text, iso_code text, level text, name text, parent_code text, valid_from date, valid_to date, area_km2 numeric,
           sites_total bigint, lokasi_total bigint, shared bigint, active bigint, planned bigint, closed bigint,
           reactivated bigint, closed_share numeric, people bigint, target_gap bigint)
JOIN register.region r ON r.level = v.level AND r.code = v.code AND r.valid @> %(regions_on)s::date
