-- The events that count and have happened, of some sites.
-- Parameters: site_ids, as_of.
-- Columns: site_id, kind, effective_on, occurred_on, date_precision, legal_instrument, legal_number, source, source_url,
--   synthetic.
-- Order: site_id, effective_on, stage, then as entered.
SELECT e.site_id, e.kind, f.effective_on, e.occurred_on, e.date_precision, e.legal_instrument, e.legal_number,
       e.source, e.source_url, e.synthetic
FROM register.effective_events(%(site_ids)s, NULL) f
JOIN register.event e ON e.id = f.id
WHERE f.effective_on <= %(as_of)s
ORDER BY e.site_id, f.effective_on, f.stage_rank, f.recorded_at, f.id
