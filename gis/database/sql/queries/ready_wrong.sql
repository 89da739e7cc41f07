-- Sites that are not ready as they are derived, and those whose region, type and group are miscounted; at best none.
-- Parameters: days (of today or later), limit.
-- Columns: site_id (null where a count is wrong), day.
WITH day AS (
    SELECT unnest(%(days)s::date[]) AS on_day
), ready AS (
    SELECT d.on_day, r.id, r.name, r.site_type, r.status, r.status_group, r.status_since, r.closed_on, r.province_code,
           r.province_name, r.regency_code, r.regency_name, r.province_join_method, r.regency_join_method,
           r.shared_with, r.location_accuracy, r.people, r.synthetic, r.source_url, r.updated_at,
           ST_AsBinary(r.geom)
    FROM day d JOIN register.ready_site r ON r.first_day <= d.on_day AND d.on_day < r.end_day
), derived AS (
    SELECT d.on_day, f.id, f.name, f.site_type, f.status, f.status_group, f.status_since, f.closed_on, f.province_code,
           f.province_name, f.regency_code, f.regency_name, f.province_join_method, f.regency_join_method,
           f.shared_with, f.location_accuracy, f.people, f.synthetic, f.source_url, f.updated_at,
           ST_AsBinary(f.geom)
    FROM day d CROSS JOIN LATERAL register.site_features(d.on_day, NULL, d.on_day) f
), wrong AS (
    (SELECT * FROM ready EXCEPT ALL SELECT * FROM derived)
    UNION ALL
    (SELECT * FROM derived EXCEPT ALL SELECT * FROM ready)
), miscounted AS (
    SELECT each.on_day
    FROM (SELECT d.on_day, c.province_code, c.regency_code, c.site_type, c.status_group, c.n
          FROM day d JOIN register.ready_count c ON c.first_day <= d.on_day AND d.on_day < c.end_day
          UNION ALL
          SELECT d.on_day, r.province_code, r.regency_code, r.site_type, r.status_group, -1
          FROM day d JOIN register.ready_site r ON r.first_day <= d.on_day AND d.on_day < r.end_day) each
    GROUP BY each.on_day, each.province_code, each.regency_code, each.site_type, each.status_group
    HAVING sum(each.n) <> 0
)
SELECT DISTINCT w.id, w.on_day FROM wrong w
UNION ALL
SELECT DISTINCT NULL::bigint, m.on_day FROM miscounted m
ORDER BY 1, 2
LIMIT %(limit)s
