-- Releases.
-- Parameters: none.
-- Columns: gis.domain.releases.Release in its order.
-- Order: newest first.
SELECT r.id, r.number, r.published_on, r.boundaries_id, r.rule_version, r.method, r.licence, r.note, r.synthetic, r.checksum
FROM published.release r
ORDER BY r.number DESC
