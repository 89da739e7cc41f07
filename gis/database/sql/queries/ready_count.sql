-- How many sites are ready, as they are counted at each write.
-- Parameters: as_of, region, groups, site_type.
-- Columns: n.
SELECT coalesce(sum(c.n), 0)::bigint AS n
FROM register.ready_count c
WHERE c.first_day <= %(as_of)s AND c.end_day > %(as_of)s
  AND (%(region)s::text IS NULL OR c.province_code = %(region)s OR c.regency_code = %(region)s)
  AND c.status_group = ANY (%(groups)s::text[])
  AND (%(site_type)s::text IS NULL OR c.site_type = %(site_type)s)
