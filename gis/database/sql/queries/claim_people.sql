-- People of one definition on several days, by region; days as in claim_derive.
-- Parameters: definition, days, known_ats, regions_ons (date[] of one length), codes ('' is the nation).
-- Columns: the position of the day (from 1), code, in lokalisasi, in lokasi (null: never counted).
-- Order: position, code.
SELECT asked.position, p.code, p.lokalisasi, p.lokasi
FROM unnest(%(days)s::date[], %(known_ats)s::date[], %(regions_ons)s::date[])
     WITH ORDINALITY AS asked(day, known_at, regions_on, position)
CROSS JOIN LATERAL register.people_by_definition(%(definition)s, asked.day, asked.known_at, asked.regions_on) p
WHERE p.code = ANY (%(codes)s)
ORDER BY asked.position, p.code
