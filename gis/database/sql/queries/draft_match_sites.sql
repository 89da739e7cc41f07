-- Sites that bear a name of a new draft: which they are, and how far away.
-- Parameters: batch_id.
-- Columns: row_number, site_id, name, province_code, regency_code, distance_m (null where either has no place), updated_at.
-- Order: row_number, distance, site_id.
SELECT DISTINCT ON (e.row_number, s.id)
       e.row_number, s.id, s.name, s.province_code, s.regency_code,
       ST_Distance(s.geom::geography, ST_GeomFromText(e.wkt, 4326)::geography), s.updated_at
FROM (SELECT d.row_number, d.content ->> 'wkt' AS wkt, unnest(register.plain_names(d.content ->> 'name',
             ARRAY(SELECT jsonb_array_elements_text(coalesce(d.content -> 'alternative_names', '[]'))))) AS plain
      FROM register.draft d
      WHERE d.batch_id = %(batch_id)s AND d.collection = 'sites' AND d.outcome = 'new') e
JOIN (SELECT k.*, unnest(k.plain_names) AS plain FROM register.site k) s USING (plain)
ORDER BY e.row_number, s.id
