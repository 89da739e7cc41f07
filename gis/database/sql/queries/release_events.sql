-- The events of sites that the newest release tells.
-- Parameters: none.
-- Columns: site_id, number, kind, occurred_on, date_precision, legal_instrument, legal_number, source,
--   source_url, synthetic.
-- Order: site_id, number.
SELECT e.site_id, e.number, e.kind, e.occurred_on, e.date_precision, e.legal_instrument, e.legal_number, e.source,
       e.source_url, e.synthetic
FROM published.event e
WHERE e.release_id = (SELECT r.id FROM published.release r ORDER BY r.number DESC LIMIT 1)
ORDER BY e.site_id, e.number
