-- Regions with their counts as a vector tile of one layer, in the shapes that were simplified for maps.
-- Parameters: layer (its name), rows (jsonb: an array of objects with the columns of v), level, regions_on, zoom;
--   west, south, east, north (of the tile, metres of EPSG:3857); box_west, box_south, box_east, box_north (degrees: the
--   tile and 1/64 of its side around it).
-- Columns: the tile as bytea. What is null is not written. A feature's id is its code without the point.
SELECT ST_AsMVT(t, %(layer)s, 4096, 'geom', 'id')
FROM (
    SELECT replace(s.code, '.', '')::bigint AS id, s.code, s.name, s.parent_code, s.sites_total, s.lokasi_total, s.active,
           s.planned, s.closed, s.reactivated, s.lokasi_closed, s.closed_share,
           ST_AsMVTGeom(ST_Transform(ST_ClipByBox2D(s.shape, b.box), 3857),
                        ST_MakeEnvelope(%(west)s, %(south)s, %(east)s, %(north)s, 3857)::box2d, 4096, 64, true) AS geom
    FROM (SELECT ST_MakeEnvelope(%(box_west)s, %(box_south)s, %(box_east)s, %(box_north)s, 4326)::box2d AS box) b
    CROSS JOIN LATERAL (
        SELECT v.*, CASE WHEN %(zoom)s <= 5 THEN r.geom_overview WHEN %(zoom)s <= 8 THEN r.geom_map ELSE r.geom END AS shape
        FROM register.region r
        JOIN jsonb_to_recordset(%(rows)s::jsonb)
             AS v (code text, name text, parent_code text, sites_total integer, lokasi_total integer, active integer,
                   planned integer, closed integer, reactivated integer, lokasi_closed integer, closed_share float8)
          ON v.code = r.code
        WHERE r.level = %(level)s AND r.valid @> %(regions_on)s::date
          AND r.geom && ST_MakeEnvelope(%(box_west)s, %(box_south)s, %(box_east)s, %(box_north)s, 4326)
    ) s
    ORDER BY s.code
) t
WHERE t.geom IS NOT NULL
