-- All sites with what a tile shows of them: as register.site_features has it, of two tables alone, whose plan is made in
-- a tenth of the time.
-- Parameters: as_of.
-- Columns: id, name, site_type, status, status_group, location_accuracy, synthetic, geom.
SELECT s.id, s.name, s.site_type, k.status, k.status_group, s.location_accuracy, s.synthetic, s.geom
FROM register.site s
JOIN register.site_state k ON k.site_id = s.id AND lower(k.valid) <= %(as_of)s::date
                          AND coalesce(upper(k.valid), 'infinity') > %(as_of)s::date
