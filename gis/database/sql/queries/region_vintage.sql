-- The day since which no region of a level has changed, as seen from another day.
-- Parameters: level (province, regency), on (date), earliest (the answer if nothing had changed before).
-- Columns: the day. One row.
SELECT coalesce(max(lower(r.valid)), %(earliest)s::date)
FROM register.region r
WHERE r.level = %(level)s AND lower(r.valid) <= %(on)s::date
