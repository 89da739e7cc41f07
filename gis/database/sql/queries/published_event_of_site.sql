-- The published events of a site up to a day.
-- Parameters: release_id, site_id, as_of.
-- Columns: kind, occurred_on, date_precision, legal_instrument, legal_number, source, source_url, synthetic.
-- Order: as they happened.
SELECT e.kind, e.occurred_on, e.date_precision, e.legal_instrument, e.legal_number, e.source, e.source_url, e.synthetic
FROM published.event e
WHERE e.release_id = %(release_id)s AND e.site_id = %(site_id)s AND e.occurred_on <= %(as_of)s
ORDER BY e.number
