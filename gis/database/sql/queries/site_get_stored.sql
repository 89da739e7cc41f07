-- One site as it is stored, for a form that changes it.
-- Parameters: site_id.
-- Columns: as gis.domain.forms.sites.StoredSite, in its order; updated_at in ISO 8601 with microseconds.
-- Order: at most one row.
SELECT s.id, s.name, s.alternative_names, s.site_type, ST_AsText(s.geom, 15), coalesce(ST_NPoints(s.geom), 0),
       s.location_accuracy, s.location_source, s.source_crs, s.declared_region_codes, s.source_url, s.synthetic,
       to_char(s.updated_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"+00:00"')
FROM register.site s
WHERE s.id = %(site_id)s
