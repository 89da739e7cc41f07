-- Decrees and by-laws that are dated and stand: of a site, or of a region as a whole.
-- Parameters: as_of.
-- Columns: id, kind, issuer, number, dated, dated_precision, region_code, site_id, source, source_url, synthetic.
-- Order: id.
SELECT p.id, p.kind, p.issuer, p.number, p.dated, p.dated_precision, p.region_code, p.site_id, p.source, p.source_url,
       p.synthetic
FROM register.promises_at(%(as_of)s, NULL) p
WHERE p.kind IN ('decree', 'by_law') AND p.dated <= %(as_of)s
ORDER BY p.id
