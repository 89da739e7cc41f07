-- The regions that claims stand for at a moment, as claim_find has them without its filter of regions.
-- Parameters: as_of, known_at (null: today's knowledge).
-- Columns: code and name of today.
-- Order: code.
SELECT r.code, r.name
FROM register.region r
WHERE upper_inf(r.valid) AND r.code IN (
    SELECT c.region_code FROM register.claim c
    WHERE c.holds_on <= %(as_of)s AND NOT c.retracted
      AND c.known_on IS NOT NULL AND (%(known_at)s::date IS NULL OR c.known_on <= %(known_at)s)
      AND c.id NOT IN (SELECT x.claim_id FROM register.corrected_claims(%(known_at)s) x))
ORDER BY r.code
