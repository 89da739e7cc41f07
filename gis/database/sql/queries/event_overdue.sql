-- Planned closings whose day has passed while the site is not closed; the newest plan of a site counts.
-- An imprecise plan is overdue after the last day of its period.
-- Parameters: as_of, known_at, regions_on, region (null: the nation), row_limit.
-- Columns: site_id, site_name, planned_on, date_precision, legal_instrument, legal_number, days, synthetic.
-- Order: longest overdue first, then site_id.
WITH plan AS (
    SELECT DISTINCT ON (e.site_id) e.*,
           CASE e.date_precision
               WHEN 'day' THEN e.occurred_on
               WHEN 'month' THEN (date_trunc('month', e.occurred_on::timestamp) + interval '1 month -1 day')::date
               ELSE (date_trunc('year', e.occurred_on::timestamp) + interval '1 year -1 day')::date END AS due_on
    FROM register.event e
    WHERE e.planned AND e.kind = 'closed'
      AND e.known_on IS NOT NULL AND e.known_on <= coalesce(%(known_at)s::date, %(as_of)s)
      AND NOT EXISTS (SELECT FROM register.event x WHERE x.corrects_id = e.id AND x.known_on IS NOT NULL
                      AND x.known_on <= coalesce(%(known_at)s::date, %(as_of)s))
    ORDER BY e.site_id, e.known_on DESC, e.id DESC
)
SELECT f.id, f.name, p.occurred_on, p.date_precision, p.legal_instrument, p.legal_number,
       %(as_of)s::date - p.due_on, f.synthetic
FROM plan p
JOIN register.find_sites(%(as_of)s, %(known_at)s, %(regions_on)s, %(region)s, true,
                         '{active,planned,reactivated}', NULL, NULL, NULL, NULL, NULL) f ON f.id = p.site_id
WHERE p.due_on < %(as_of)s
ORDER BY p.due_on, f.id
LIMIT %(row_limit)s;
