-- The events of the sites of a release.
-- Parameters: release_id.
-- Columns: site_id, kind, occurred_on, date_precision, source, source_url, synthetic.
-- Order: newest first, then the site's name, site and number.
SELECT e.site_id, e.kind, e.occurred_on, e.date_precision, e.source, e.source_url, e.synthetic
FROM published.event e
JOIN published.site s ON s.release_id = e.release_id AND s.id = e.site_id
WHERE e.release_id = %(release_id)s
ORDER BY e.occurred_on DESC, s.name, s.id, e.number DESC
