-- Entries of the log of some sites that still count or are planned.
-- Parameters: site_ids.
-- Columns: site_id, kind, occurred_on, date_precision, planned.
-- Order: none.
SELECT e.site_id, e.kind, e.occurred_on, e.date_precision, e.planned
FROM register.event e
WHERE e.site_id = ANY (%(site_ids)s) AND e.kind <> 'retraction'
  AND NOT EXISTS (SELECT FROM register.event c WHERE c.corrects_id = e.id)
