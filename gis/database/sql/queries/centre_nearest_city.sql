-- The centres with free places whose city is nearest, measured to the city's label point, which says nothing of the
-- compound; of those only whose compound whoever asks does not see, which for a scoped account are all.
-- Parameters: as_of, known_at, regions_on, site_id (null: none), region (null: none), row_limit.
-- Columns: id, distance_m.
-- Order: distance_m, name, id.
WITH origin AS MATERIALIZED (
    SELECT coalesce(
        (SELECT s.geom FROM register.site s WHERE s.id = %(site_id)s),
        (SELECT r.label_point FROM register.region r
         WHERE r.code = %(region)s AND r.valid @> %(regions_on)s::date))::geography AS place
)
SELECT c.centre_id, ST_Distance(city.label_point::geography, o.place)
FROM register.centres_at(%(as_of)s, %(known_at)s) c
CROSS JOIN origin o
JOIN register.region city ON city.level = 'regency' AND city.code = c.region_code AND upper_inf(city.valid)
LEFT JOIN register.centre_bands(%(as_of)s, %(known_at)s) b ON b.centre_id = c.centre_id
LEFT JOIN register.occupancies_at(%(as_of)s, %(known_at)s) n ON n.centre_id = c.centre_id
WHERE coalesce(b.occupancy_band, register.occupancy_band(n.occupied, n.capacity)) <> 'full'
  AND NOT EXISTS (SELECT FROM register.centre_place p WHERE p.id = c.entry_id)
ORDER BY 2, c.name, 1
LIMIT %(row_limit)s
