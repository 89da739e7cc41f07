-- Regions with their summary as a collection of features.
-- Parameters: as those of summary_by_region, with one level that is not the nation.
-- Columns: gis.domain.regions.REGION_PROPERTIES in their order, then geom.
SELECT s.code, s.iso_code, s.region_level AS level, s.name, s.parent_code, s.valid_from, s.valid_to,
       round(s.area_km2::numeric, 1) AS area_km2, s.sites_total, s.lokasi_total, s.shared, s.active, s.planned,
       s.closed, s.reactivated, round(s.closed::numeric / nullif(s.sites_total, 0), 4) AS closed_share,
       s.people, s.sites_total - s.closed AS target_gap, r.geom
FROM register.regional_summary(%(levels)s, %(as_of)s, %(known_at)s, %(regions_on)s, %(region)s) s
JOIN register.region r ON r.level = s.region_level AND r.code = s.code AND r.valid @> %(regions_on)s::date
