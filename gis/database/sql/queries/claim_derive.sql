-- The regional summaries of several days in one statement, each as known at a time and with the regions of a day.
-- Parameters: days, known_ats, regions_ons (date[] of one length; an element of known_ats is null for today's
--   knowledge), levels (text[]), codes (of the regions that are wanted, '' for the nation; all provinces come too).
-- Columns: the position of the day (from 1), then gis.domain.regional_summary.RegionSummary in its order.
-- Order: position, code.
SELECT asked.position, s.*
FROM unnest(%(days)s::date[], %(known_ats)s::date[], %(regions_ons)s::date[])
     WITH ORDINALITY AS asked(day, known_at, regions_on, position)
CROSS JOIN LATERAL register.regional_summary(%(levels)s, asked.day, asked.known_at, asked.regions_on, NULL) s
WHERE s.region_level = 'province' OR coalesce(s.code, '') = ANY (%(codes)s)
ORDER BY asked.position, s.code
