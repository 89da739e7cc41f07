-- Provinces of a release as a collection of features, with what is public of them.
-- Parameters: release_id, boundaries_id, figure_on, regions_on, region.
-- Columns: the properties of gis.domain.collections.PUBLIC["provinces"] in their order, then geom.
SELECT s.code, s.iso_code, s.level, s.name, s.parent_code, s.valid_from, s.valid_to, round(s.area_km2::numeric, 1) AS area_km2,
       s.active + s.planned + s.closed AS sites_total, s.lokasi_active + s.lokasi_planned + s.lokasi_closed AS lokasi_total,
       s.active, s.planned, s.closed,
       round(s.closed::numeric / nullif(s.active + s.planned + s.closed, 0), 4) AS closed_share,
       s.people, s.people_withheld, s.active + s.planned AS target_gap, r.geom
FROM published.regional_summary(%(release_id)s, '{province}', %(figure_on)s, %(regions_on)s, %(region)s) s
JOIN published.region r ON r.boundaries_id = %(boundaries_id)s AND r.level = s.level AND r.code = s.code
                       AND r.valid @> %(regions_on)s::date
WHERE s.level = 'province'
