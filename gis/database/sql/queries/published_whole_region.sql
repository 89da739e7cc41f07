-- Every region that ever bore a code, with a point inside it and without its shape.
-- Parameters: boundaries_id.
-- Columns: level, code, code_today, parent_code, name, valid_from, valid_to, lon, lat (degrees, 4 decimals).
-- Order: level, code, valid_from.
SELECT r.level, r.code, r.code_today, r.parent_code, r.name, lower(r.valid) AS valid_from, upper(r.valid) AS valid_to,
       round(ST_X(r.label_point)::numeric, 4)::float8 AS lon, round(ST_Y(r.label_point)::numeric, 4)::float8 AS lat
FROM published.region r
WHERE r.boundaries_id = %(boundaries_id)s
ORDER BY r.level, r.code, lower(r.valid) NULLS FIRST
