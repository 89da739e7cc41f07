-- Sites that bear one of some names, each with the name that was asked for.
-- Parameters: names (as they were written).
-- Columns: name as asked, site id, name, region_codes.
-- Order: name as asked, site id.
SELECT asked.name, s.id, s.name, s.region_codes
FROM (SELECT a.name, unnest(register.plain_names(a.name, '{}')) AS plain FROM unnest(%(names)s::text[]) AS a(name)) asked
JOIN (SELECT k.id, k.name, k.region_codes, unnest(k.plain_names) AS plain FROM register.site k) s USING (plain)
ORDER BY asked.name, s.id
