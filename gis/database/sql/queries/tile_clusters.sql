-- Clusters of sites as a vector tile of one layer.
-- Parameters: rows (jsonb: an array of objects with the columns of c), west, south, east, north (of the tile, metres of
--   EPSG:3857).
-- Columns: the tile as bytea. What is null is not written.
SELECT ST_AsMVT(t, 'clusters', 4096, 'geom', 'id')
FROM (
    SELECT c.id, c.clustered, c.code, c.name, c.n, c.active, c.planned, c.closed, c.reactivated,
           ST_AsMVTGeom(ST_Transform(ST_Point(c.lon, c.lat, 4326), 3857),
                        ST_MakeEnvelope(%(west)s, %(south)s, %(east)s, %(north)s, 3857)::box2d, 4096, 0, false) AS geom
    FROM jsonb_to_recordset(%(rows)s::jsonb)
         AS c (id bigint, clustered text, code text, name text, lon float8, lat float8, n integer, active integer,
               planned integer, closed integer, reactivated integer)
) t
