-- The regions as they are, kept for releases under the checksum of their files, if they are not there yet.
-- Parameters: none.
-- Columns: id of the boundaries. No row: no boundaries are loaded.
WITH loaded AS (
    SELECT l.checksum FROM register.boundary_load l
), added AS (
    INSERT INTO published.boundaries (id) SELECT l.checksum FROM loaded l
    ON CONFLICT DO NOTHING RETURNING id
), regions AS (
    INSERT INTO published.region (boundaries_id, level, code, code_today, parent_code, name, kind, iso_code, valid, area_km2,
                                  label_point, geom)
    SELECT a.id, r.level, r.code, r.code_today, r.parent_code, r.name, r.kind, r.iso_code, r.valid, r.area_km2,
           r.label_point, r.geom
    FROM added a CROSS JOIN register.region r
), places AS (
    INSERT INTO published.place (boundaries_id, regency_today, valid, regency_code, regency_name, province_today,
                                 province_code, province_name, for_province)
    SELECT a.id, p.regency_today, p.valid, p.regency_code, p.regency_name, p.province_today, p.province_code,
           p.province_name, p.for_province
    FROM added a CROSS JOIN register.place p
)
SELECT l.checksum FROM loaded l
