-- The day since which no region of a level has changed, as seen from another day.
-- Parameters: boundaries_id, level (province, regency), on (date), earliest (the answer if nothing had changed before).
-- Columns: the day. One row.
SELECT coalesce(max(lower(r.valid)), %(earliest)s::date)
FROM published.region r
WHERE r.boundaries_id = %(boundaries_id)s AND r.level = %(level)s AND lower(r.valid) <= %(on)s::date
