-- Where parts of today's regions lay before today, as published.part_places_at has it for a day.
-- Parameters: boundaries_id.
-- Columns: part (the code of a regency of today, or of a province of today as a whole), valid_from, valid_to, province,
--   regency (codes of then; null: of the province as a whole).
-- Order: part, valid_from.
SELECT b.part, lower(b.valid) AS valid_from, upper(b.valid) AS valid_to, b.province, b.regency
FROM (
    SELECT p.regency_today AS part, p.valid, p.province_code AS province, p.regency_code AS regency
    FROM published.place p WHERE p.boundaries_id = %(boundaries_id)s
    UNION ALL
    SELECT p.province_today, p.valid, p.province_code, NULL
    FROM published.place p WHERE p.boundaries_id = %(boundaries_id)s AND p.for_province
) b
WHERE NOT upper_inf(b.valid)
ORDER BY b.part, lower(b.valid) NULLS FIRST
