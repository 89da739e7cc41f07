-- A map layer: regions of a level on a day as one RFC 7946 feature collection, UTF-8.
-- Parameters: level (province, regency), on (date), parent_code (a province's regencies only; null: all),
--   detail (overview: 0.05°; map: 0.005°).
-- Columns: the document as bytea. One row, also when no region is meant. Features are ordered by code.
-- Shapes were rounded and wound when they were loaded, so all their decimals are written.
SELECT convert_to(
    '{"type":"FeatureCollection"'
    || coalesce(',"bbox":[' || min(ST_XMin(d.geom)) || ',' || min(ST_YMin(d.geom)) || ','
                           || max(ST_XMax(d.geom)) || ',' || max(ST_YMax(d.geom)) || ']', '')
    || ',"features":['
    || coalesce(string_agg(
           '{"type":"Feature","properties":'
           || json_build_object('code', d.code, 'name', d.name, 'level', d.level, 'parent_code', d.parent_code)
           || ',"geometry":' || ST_AsGeoJSON(d.geom, 7, 0) || '}', ',' ORDER BY d.code), '')
    || ']}', 'UTF8')
FROM (
    SELECT r.code, r.name, r.level, r.parent_code,
           CASE %(detail)s WHEN 'overview' THEN r.geom_overview ELSE r.geom_map END AS geom
    FROM register.region r
    WHERE r.level = %(level)s AND r.valid @> %(on)s::date
      AND (%(parent_code)s::text IS NULL OR r.parent_code = %(parent_code)s)
) d
