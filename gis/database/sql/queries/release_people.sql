-- All numbers of people that were ever published. Parameters: none.
-- Columns: release number, site_type, definition, figure_on, province_code (null: the nation), n (null: withheld).
-- Order: as the columns.
SELECT r.number, p.site_type, p.definition, p.figure_on, p.province_code, p.n
FROM published.people p JOIN published.release r ON r.id = p.release_id
ORDER BY 1, 2, 3, 4, 5 NULLS LAST
