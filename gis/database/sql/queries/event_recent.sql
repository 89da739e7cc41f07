-- The newest events that count, up to a day, of the sites that existed then.
-- Parameters: as_of, known_at, regions_on, region (null: the nation), row_limit.
-- Columns: site_id, site_name, kind, occurred_on, date_precision, planned, source, source_url, synthetic.
-- Order: newest first, then stage, id.
SELECT f.id, f.name, e.kind, e.occurred_on, e.date_precision, e.planned, e.source, e.source_url, e.synthetic
FROM register.event e
JOIN register.find_sites(%(as_of)s, %(known_at)s, %(regions_on)s, %(region)s, true,
                         '{active,planned,closed,reactivated}', NULL, NULL, NULL, NULL, NULL) f ON f.id = e.site_id
WHERE e.occurred_on <= %(as_of)s AND NOT e.planned AND e.kind <> 'retraction'
  AND e.known_on IS NOT NULL AND (%(known_at)s::date IS NULL OR e.known_on <= %(known_at)s)
  AND NOT EXISTS (SELECT FROM register.event x WHERE x.corrects_id = e.id AND x.known_on IS NOT NULL
                  AND (%(known_at)s::date IS NULL OR x.known_on <= %(known_at)s))
ORDER BY e.occurred_on DESC, register.stage_rank(e.kind) DESC, e.id DESC
LIMIT %(row_limit)s;
