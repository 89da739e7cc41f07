-- A point inside the largest part of each of some regions on a day.
-- Parameters: boundaries_id, level, on (date), codes (text[]).
-- Columns: code, lon, lat (degrees, 4 decimals). Order: code.
SELECT r.code, round(ST_X(r.label_point)::numeric, 4)::float8, round(ST_Y(r.label_point)::numeric, 4)::float8
FROM published.region r
WHERE r.boundaries_id = %(boundaries_id)s AND r.level = %(level)s AND r.valid @> %(on)s::date AND r.code = ANY (%(codes)s)
ORDER BY r.code
