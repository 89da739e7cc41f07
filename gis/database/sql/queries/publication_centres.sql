-- Rehabilitation centres by city, without their places and numbers.
-- Parameters: as_of.
-- Columns: id, name, region_code (the regency or city, of today), services, operator, source, source_url, synthetic.
-- Order: id.
SELECT c.centre_id AS id, c.name, c.region_code, c.services, c.operator, c.source, c.source_url, c.synthetic
FROM register.centres_at(%(as_of)s, NULL) c
ORDER BY c.centre_id
