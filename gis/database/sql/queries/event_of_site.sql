-- All entries of one site that were known at a day, also those that are corrected.
-- Parameters: site_id, known_at (null: today's belief).
-- Columns: id (the random one; the number of the log stays inside), kind, occurred_on, date_precision, effective_on
--   (null where it does not count), planned, legal_instrument, legal_number, source, source_url, note, synthetic,
--   recorded_at, known_on, reported, corrects_id, corrected_by (both random ids, too).
-- Order: the day on which it counts or is dated, stage, recorded_at, the number of the log.
SELECT e.uid, e.kind, e.occurred_on, e.date_precision, c.effective_on, e.planned, e.legal_instrument, e.legal_number,
       e.source, e.source_url, e.note, e.synthetic, e.recorded_at, e.known_on, e.reported_on IS NOT NULL,
       (SELECT mended.uid FROM register.event mended WHERE mended.id = e.corrects_id),
       (SELECT x.uid FROM register.event x
        WHERE x.corrects_id = e.id AND x.known_on IS NOT NULL
          AND (%(known_at)s::date IS NULL OR x.known_on <= %(known_at)s)
        ORDER BY x.id LIMIT 1)
FROM register.event e
LEFT JOIN register.effective_events(ARRAY[%(site_id)s::bigint], %(known_at)s) c ON c.id = e.id
WHERE e.site_id = %(site_id)s
  AND e.known_on IS NOT NULL AND (%(known_at)s::date IS NULL OR e.known_on <= %(known_at)s)
ORDER BY coalesce(c.effective_on, e.occurred_on), register.stage_rank(e.kind), e.recorded_at, e.id;
