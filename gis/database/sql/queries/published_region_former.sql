-- The provinces that a province of today belonged to before it was one.
-- Parameters: boundaries_id, code.
-- Columns: code, name, until (the last day).
-- Order: the latest first.
SELECT p.province_code AS code, p.province_name AS name, upper(p.valid) - 1 AS until
FROM published.place p
WHERE p.boundaries_id = %(boundaries_id)s AND p.for_province AND p.province_today = %(code)s AND p.province_code <> %(code)s
ORDER BY until DESC
