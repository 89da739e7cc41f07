-- As tile_count_sites, of sites that are ready, which are counted at each write: no site is read but those that lie in no
-- region. Only those whose point lies in a tile.
-- Parameters: as_of, regions_on, region, groups, site_type; tile_west, tile_south, tile_east, tile_north (degrees).
-- Columns: those of gis.database.tiles.Cluster.
WITH named AS MATERIALIZED (  -- read once, and not by the index of ranges for each region
    SELECT r.code, r.name, r.label_point FROM register.region r WHERE r.valid @> %(regions_on)s::date
), placed AS (
    SELECT coalesce(c.regency_code, c.province_code) AS code, c.status_group, c.n, NULL::integer AS i, NULL::integer AS j,
           NULL::float8 AS lon, NULL::float8 AS lat
    FROM register.ready_count c
    WHERE c.first_day <= %(as_of)s AND c.end_day > %(as_of)s AND c.province_code IS NOT NULL
      AND (%(region)s::text IS NULL OR c.province_code = %(region)s OR c.regency_code = %(region)s)
      AND c.status_group = ANY (%(groups)s::text[])
      AND (%(site_type)s::text IS NULL OR c.site_type = %(site_type)s)
    UNION ALL
    SELECT NULL, r.status_group, 1, floor(ST_XMin(r.geom))::int, floor(ST_YMin(r.geom))::int,
           (ST_XMin(r.geom) + ST_XMax(r.geom)) / 2, (ST_YMin(r.geom) + ST_YMax(r.geom)) / 2
    FROM register.ready_site r
    WHERE r.first_day <= %(as_of)s AND r.end_day > %(as_of)s AND r.province_code IS NULL AND %(region)s::text IS NULL
      AND r.status_group = ANY (%(groups)s::text[])
      AND (%(site_type)s::text IS NULL OR r.site_type = %(site_type)s)
), summed AS (
    SELECT code, i, j, avg(lon) AS lon, avg(lat) AS lat, sum(n)::int AS n,
           coalesce(sum(n) FILTER (WHERE status_group = 'active'), 0)::int AS active,
           coalesce(sum(n) FILTER (WHERE status_group = 'planned'), 0)::int AS planned,
           coalesce(sum(n) FILTER (WHERE status_group = 'closed'), 0)::int AS closed,
           coalesce(sum(n) FILTER (WHERE status_group = 'reactivated'), 0)::int AS reactivated
    FROM placed GROUP BY code, i, j
), found AS (
    SELECT coalesce(replace(c.code, '.', '')::bigint, 1000000 + (c.i + 180) * 180 + c.j + 90) AS id, c.code, r.name,
           coalesce(ST_X(r.label_point), c.lon) AS lon, coalesce(ST_Y(r.label_point), c.lat) AS lat,
           c.n, c.active, c.planned, c.closed, c.reactivated
    FROM summed c
    LEFT JOIN named r ON r.code = c.code
    WHERE c.n > 0
)
SELECT f.* FROM found f
WHERE f.lon >= %(tile_west)s AND f.lon < %(tile_east)s AND f.lat > %(tile_south)s AND f.lat <= %(tile_north)s
