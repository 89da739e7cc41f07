-- Lokalisasi by status group at the end of every month, from the first event to the current month.
-- A state that is valid from a to before b adds one from the month of a and takes it away from the month of b,
-- so that the cost grows with the number of states and not with states times months.
-- Parameters: known_at (null: today's belief), regions_on, region (a code of that day; null: the nation).
-- Columns: month_end (date), total, active, planned, closed, reactivated.
-- Order: month_end.
WITH state AS (
    SELECT s.* FROM register.site_state s WHERE %(known_at)s::date IS NULL
    UNION ALL
    SELECT d.* FROM register.derive_states(NULL, %(known_at)s::date) d WHERE %(known_at)s::date IS NOT NULL
), counted AS (
    SELECT st.valid, st.status_group
    FROM state st
    JOIN register.site s ON s.id = st.site_id AND s.site_type = 'lokalisasi'
    LEFT JOIN register.places_at(%(regions_on)s::date) r ON r.regency_today = s.regency_code
    LEFT JOIN register.province_places_at(%(regions_on)s::date) p ON p.province_today = s.province_code
    WHERE %(region)s::text IS NULL OR %(region)s IN (r.regency_code, p.province_code)
), change AS (
    SELECT date_trunc('month', lower(c.valid)::timestamp) AS month, c.status_group, 1 AS n FROM counted c
    UNION ALL
    SELECT date_trunc('month', upper(c.valid)::timestamp), c.status_group, -1 FROM counted c WHERE NOT upper_inf(c.valid)
), monthly AS (
    SELECT month,
           sum(n) FILTER (WHERE status_group = 'active') AS active,
           sum(n) FILTER (WHERE status_group = 'planned') AS planned,
           sum(n) FILTER (WHERE status_group = 'closed') AS closed,
           sum(n) FILTER (WHERE status_group = 'reactivated') AS reactivated
    FROM change GROUP BY month
), month AS (
    SELECT generate_series(min(month), date_trunc('month', now() AT TIME ZONE 'Asia/Jakarta'), interval '1 month') AS month
    FROM monthly
), running AS (
    SELECT m.month,
           coalesce(sum(c.active) OVER w, 0) AS active, coalesce(sum(c.planned) OVER w, 0) AS planned,
           coalesce(sum(c.closed) OVER w, 0) AS closed, coalesce(sum(c.reactivated) OVER w, 0) AS reactivated
    FROM month m LEFT JOIN monthly c USING (month)
    WINDOW w AS (ORDER BY m.month)
)
SELECT (month + interval '1 month -1 day')::date, (active + planned + closed + reactivated)::bigint,
       active::bigint, planned::bigint, closed::bigint, reactivated::bigint
FROM running ORDER BY month;
