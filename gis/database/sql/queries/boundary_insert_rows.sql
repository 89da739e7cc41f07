-- Makes boundaries of decrees, approved now, in their order; one whose external id is there already stays as it is.
-- Parameters: rows (JSON array of gis.domain.records.boundaries.BoundaryRow).
INSERT INTO register.decree_boundary (id, external_id, site_id, geom, legal_instrument, legal_number, dated_on, source,
                                      source_url, note, reported_on, corrects_id, retracted, synthetic)
SELECT (r.value ->> 'id')::bigint, c.external_id, c.site_id, ST_GeomFromText(c.wkt, 4326), c.legal_instrument,
       c.legal_number, c.dated_on, c.source, c.source_url, c.note, c.reported_on, c.corrects_id, c.retracted,
       c.synthetic
FROM jsonb_array_elements(%(rows)s) WITH ORDINALITY AS r(value, position)
CROSS JOIN jsonb_to_record(r.value) AS c(
    external_id text, site_id bigint, wkt text, legal_instrument text, legal_number text, dated_on date,
    source text, source_url text, note text, reported_on date, corrects_id bigint, retracted boolean,
    synthetic boolean)
ORDER BY r.position
ON CONFLICT (external_id) DO NOTHING
