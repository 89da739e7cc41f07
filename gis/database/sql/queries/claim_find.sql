-- Claims that stand at a moment: known, neither retracted nor replaced by one that is known.
-- Parameters: as_of (of their day, or of the last one of their period), known_at (null: today's knowledge), regions_on
--   (null: each claim's own day), codes (regions of today, '' for the nation; null: all), within (also the regencies
--   of those provinces), row_limit.
-- Columns: gis.database.claims.CLAIM_COLUMNS; region_code_then and region_name are of the day whose regions are meant,
--   region_code_then is null where the region was not there on that day, and a province that has other regencies
--   today has other_boundaries; total counts the rows without the limit.
-- Order: newest report first; in it by day, the nation first, then regions by code, then as entered.
WITH standing AS (
    SELECT c.*, coalesce(%(regions_on)s::date, c.holds_on) AS regions_on
    FROM register.claim c
    WHERE c.holds_on <= %(as_of)s AND NOT c.retracted
      AND c.known_on IS NOT NULL AND (%(known_at)s::date IS NULL OR c.known_on <= %(known_at)s)
      AND (%(codes)s::text[] IS NULL OR coalesce(c.region_code, '') = ANY (%(codes)s)
           OR (%(within)s AND left(c.region_code, 2) = ANY (%(codes)s)))
      AND c.id NOT IN (SELECT x.claim_id FROM register.corrected_claims(%(known_at)s) x)
)
SELECT c.id, c.report, c.region_code, of_day.code, coalesce(of_day.name, today.name), c.definition, c.site_type, c.value,
       c.as_of, c.as_of_precision, c.holds_on, c.counted_from, c.speaker, c.source, c.source_url, c.note, c.uncertain,
       c.synthetic, c.known_on, c.reported_on IS NOT NULL, c.corrects_id,
       coalesce(of_day.level = 'province' AND NOT upper_inf(of_day.valid), false), count(*) OVER ()
FROM standing c
LEFT JOIN register.region of_day ON of_day.code_today = c.region_code AND of_day.valid @> c.regions_on
LEFT JOIN register.region today ON today.code = c.region_code AND upper_inf(today.valid)
ORDER BY max(c.holds_on) OVER (PARTITION BY c.report) DESC, c.report, c.holds_on, c.region_code NULLS FIRST,
         c.recorded_at, c.external_id, c.definition, c.id
LIMIT %(row_limit)s
