-- All numbers of people that were ever published, a row a day: most days are told alike by every release, and are
-- read once.
-- Parameters: none.
-- Columns: site_type, definition, release number, figure_on, numbers (text such as `nation=30,11=10,64=`: by
--   province, in order of code, nothing behind the sign where one is withheld).
-- Order: site_type, definition, release number, figure_on.
SELECT p.site_type, p.definition, r.number, p.figure_on,
       string_agg(coalesce(p.province_code || '=', 'nation=') || coalesce(p.n::text, ''), ','
                  ORDER BY p.province_code NULLS FIRST) AS numbers
FROM published.people p JOIN published.release r ON r.id = p.release_id
GROUP BY 1, 2, 3, 4
ORDER BY 1, 2, 3, 4
