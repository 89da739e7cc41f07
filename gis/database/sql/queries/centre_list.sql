-- Centres that are there on a day, by city. What an account may not see is null: PostgreSQL's policies leave it out.
-- Parameters: as_of, known_at, regions_on; region (a province's or regency's code of that day; null: all),
--   centre_ids (bigint[]; null: all).
-- Columns: id, name, names (JSON array of name, valid_from, valid_to), regency_code, regency_name, province_code,
--   province_name, services, operator, capacity_band, occupancy_band, counted_on, capacity, occupied, contact_office,
--   contact_phone, source, source_url, synthetic, known_on, lon, lat (the city's label point, degrees), place
--   (GeoJSON), location_accuracy, entry_id.
-- Order: regency_code, name, id.
SELECT c.centre_id, c.name,
       (SELECT json_agg(json_build_object('name', n.name, 'valid_from', lower(n.valid), 'valid_to', upper(n.valid))
                        ORDER BY n.valid)
        FROM register.centre_name n WHERE n.entry_id = c.entry_id),
       p.regency_code, p.regency_name, p.province_code, p.province_name, c.services, c.operator,
       coalesce(b.capacity_band, register.capacity_band(o.capacity)),
       coalesce(b.occupancy_band, register.occupancy_band(o.occupied, o.capacity)),
       coalesce(b.counted_on, o.counted_on), o.capacity, o.occupied, t.office, t.phone,
       c.source, c.source_url, c.synthetic, c.known_on,
       round(ST_X(city.label_point)::numeric, 4)::float8, round(ST_Y(city.label_point)::numeric, 4)::float8,
       ST_AsGeoJSON(place.geom, 7, 0)::json, place.location_accuracy, c.entry_id
FROM register.centres_at(%(as_of)s, %(known_at)s) c
JOIN register.places_at(%(regions_on)s) p ON p.regency_today = c.region_code
JOIN register.region city ON city.level = 'regency' AND city.code = c.region_code AND upper_inf(city.valid)
LEFT JOIN register.centre_bands(%(as_of)s, %(known_at)s) b ON b.centre_id = c.centre_id
LEFT JOIN register.occupancies_at(%(as_of)s, %(known_at)s) o ON o.centre_id = c.centre_id
LEFT JOIN register.centre_place place ON place.id = c.entry_id
LEFT JOIN register.centre_contact t ON t.id = c.entry_id
WHERE (%(region)s::text IS NULL OR %(region)s IN (p.regency_code, p.province_code))
  AND (%(centre_ids)s::bigint[] IS NULL OR c.centre_id = ANY (%(centre_ids)s))
ORDER BY p.regency_code, c.name, c.centre_id
