-- All sites counted by regency, by province where they have none, and where they have neither by a square of 1°: as
-- gis.database.tiles.find_clusters counts those that a filter finds, and names are looked up for regencies, not sites.
-- Parameters: as_of, regions_on.
-- Columns: those of gis.database.tiles.Cluster.
WITH named AS MATERIALIZED (  -- read once, and not by the index of ranges for each region
    SELECT r.code, r.name, r.label_point FROM register.region r WHERE r.valid @> %(regions_on)s::date
), counted AS (
    SELECT s.regency_code, s.province_code, CASE WHEN s.province_code IS NULL THEN s.id END AS alone, k.status_group,
           count(*) AS n
    FROM register.site s
    JOIN register.site_state k ON k.site_id = s.id AND lower(k.valid) <= %(as_of)s::date
                              AND coalesce(upper(k.valid), 'infinity') > %(as_of)s::date
    GROUP BY 1, 2, 3, 4
), placed AS (
    SELECT coalesce(r.regency_code, p.province_code) AS code, c.status_group, c.n,
           floor(ST_XMin(s.geom))::int AS i, floor(ST_YMin(s.geom))::int AS j,
           (ST_XMin(s.geom) + ST_XMax(s.geom)) / 2 AS lon, (ST_YMin(s.geom) + ST_YMax(s.geom)) / 2 AS lat
    FROM counted c
    LEFT JOIN register.places_at(%(regions_on)s) r ON r.regency_today = c.regency_code
    LEFT JOIN register.province_places_at(%(regions_on)s) p ON p.province_today = c.province_code
    LEFT JOIN register.site s ON s.id = c.alone
), summed AS (
    SELECT code, i, j, avg(lon) AS lon, avg(lat) AS lat, sum(n)::int AS n,
           coalesce(sum(n) FILTER (WHERE status_group = 'active'), 0)::int AS active,
           coalesce(sum(n) FILTER (WHERE status_group = 'planned'), 0)::int AS planned,
           coalesce(sum(n) FILTER (WHERE status_group = 'closed'), 0)::int AS closed,
           coalesce(sum(n) FILTER (WHERE status_group = 'reactivated'), 0)::int AS reactivated
    FROM placed GROUP BY code, i, j
)
SELECT coalesce(replace(c.code, '.', '')::bigint, 1000000 + (c.i + 180) * 180 + c.j + 90), c.code, r.name,
       coalesce(ST_X(r.label_point), c.lon), coalesce(ST_Y(r.label_point), c.lat),
       c.n, c.active, c.planned, c.closed, c.reactivated
FROM summed c
LEFT JOIN named r ON r.code = c.code
