-- Claims of a release on a day up to another one; value is null where it is withheld.
-- Parameters: release_id, boundaries_id, as_of, regions_on (the day whose regions are meant; null: each claim's own),
--   codes (provinces of today, '' for the nation; null: all), row_limit (null: all).
-- Columns: gis.database.published_topics.CLAIM_COLUMNS, region_code_then and region_name being of the day whose regions
--   are meant, then how many there are without the limit.
-- Order: newest report first; in it by day, the nation first, then provinces by code, then by what is counted.
WITH told AS (
    SELECT c.*, coalesce(%(regions_on)s::date, c.holds_on) AS regions_on
    FROM published.claim c
    WHERE c.release_id = %(release_id)s AND c.holds_on <= %(as_of)s
      AND (%(codes)s::text[] IS NULL OR coalesce(c.region_code, '') = ANY (%(codes)s))
)
SELECT c.id, c.report, c.region_code, of_day.code, coalesce(of_day.name, today.name), c.definition, c.site_type, c.value,
       c.value IS NULL, c.as_of, c.as_of_precision, c.holds_on, c.counted_from, c.speaker, c.source, c.source_url,
       c.uncertain, c.synthetic, coalesce(NOT upper_inf(of_day.valid), false), count(*) OVER ()
FROM told c
LEFT JOIN published.region of_day
       ON of_day.boundaries_id = %(boundaries_id)s AND of_day.level = 'province' AND of_day.code_today = c.region_code
          AND of_day.valid @> c.regions_on
LEFT JOIN published.region today
       ON today.boundaries_id = %(boundaries_id)s AND today.level = 'province' AND today.code = c.region_code
          AND upper_inf(today.valid)
ORDER BY max(c.holds_on) OVER (PARTITION BY c.report) DESC, c.report, c.holds_on, c.region_code NULLS FIRST,
         c.site_type, c.definition DESC, c.id
LIMIT %(row_limit)s
