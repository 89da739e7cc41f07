-- Makes events of what was staged and is not there yet, approved now, in the order of the file: an entry's number is
-- higher than that of the one it corrects, which is an older row of the table or an earlier one of the file.
-- One statement, so that the states of a site are derived once, from all of it.
-- Parameters: none.
WITH fresh AS MATERIALIZED (
    SELECT nextval(pg_get_serial_sequence('register.event', 'id')) AS id, o.*
    FROM (SELECT s.* FROM staged_event s
          WHERE NOT EXISTS (SELECT FROM register.event e WHERE e.external_id = s.external_id)
          ORDER BY s.position) o
)
INSERT INTO register.event (id, external_id, site_id, kind, occurred_on, date_precision, planned, legal_instrument,
                            legal_number, source, source_url, reported_on, corrects_id, synthetic, note, approved_at)
SELECT f.id, f.external_id, f.site_id, f.kind, f.occurred_on, f.date_precision, f.planned, f.legal_instrument,
       f.legal_number, f.source, f.source_url, f.reported_on, coalesce(older.id, earlier.id), f.synthetic, f.note,
       now()
FROM fresh f
LEFT JOIN register.event older ON older.external_id = f.corrects_external_id
LEFT JOIN fresh earlier ON earlier.external_id = f.corrects_external_id
ORDER BY f.position
