-- What the rules of publication have to know of every site, and what is published of those that are. A site that was
-- published is here without any states as well.
-- Parameters: as_of.
-- Columns: id, name, alternative_names, site_type, province_code, regency_code, province_join_method, regency_join_method, region_codes,
--   synthetic, source_url, lon, lat (degrees, of the point or of one on the surface; null without a geometry),
--   states (JSON array of [since, status group], in their order).
-- Order: id.
SELECT s.id, s.name, s.alternative_names, s.site_type, s.province_code, s.regency_code, s.province_join_method, s.regency_join_method,
       s.region_codes, s.synthetic, s.source_url, ST_X(inner_point.geom) AS lon, ST_Y(inner_point.geom) AS lat,
       coalesce(state.list, '[]') AS states
FROM register.site s
CROSS JOIN LATERAL (SELECT ST_PointOnSurface(s.geom) AS geom) inner_point
CROSS JOIN LATERAL (
    SELECT json_agg(json_build_array(lower(st.valid), st.status_group) ORDER BY st.valid) AS list
    FROM register.site_state st WHERE st.site_id = s.id AND lower(st.valid) <= %(as_of)s
) state
WHERE state.list IS NOT NULL OR s.id IN (SELECT p.id FROM published.site p)
ORDER BY s.id
