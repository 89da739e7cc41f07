-- Centres as a collection of features. A compound that the account may not see has no geometry for it.
-- Parameters: as_of, known_at, regions_on; region (a province's or regency's code of that day; null: all).
-- Columns: the properties of gis.domain.collections.REGISTER["centres"] in their order, then geom.
SELECT c.centre_id AS id, c.name, p.province_code, p.province_name, p.regency_code, p.regency_name, c.services, c.operator,
       coalesce(b.capacity_band, register.capacity_band(o.capacity)) AS capacity_band,
       coalesce(b.occupancy_band, register.occupancy_band(o.occupied, o.capacity)) AS occupancy_band,
       coalesce(b.counted_on, o.counted_on) AS counted_on, place.location_accuracy,
       c.source, c.source_url, c.synthetic, place.geom
FROM register.centres_at(%(as_of)s, %(known_at)s) c
JOIN register.places_at(%(regions_on)s) p ON p.regency_today = c.region_code
LEFT JOIN register.centre_bands(%(as_of)s, %(known_at)s) b ON b.centre_id = c.centre_id
LEFT JOIN register.occupancies_at(%(as_of)s, %(known_at)s) o ON o.centre_id = c.centre_id
LEFT JOIN register.centre_place place ON place.id = c.entry_id
WHERE (%(region)s::text IS NULL OR %(region)s IN (p.regency_code, p.province_code))
