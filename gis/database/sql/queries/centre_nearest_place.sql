-- The centres with free places whose compound is nearest, by geodesic distance; for planners, since nobody else has
-- a row of centre_place. From a site's geometry, or from its region's or a region's label point.
-- The index knows distances on a sphere. On the ellipsoid they are 0.99442 to 1.00449 times as long, so whatever is
-- among the nearest lies within 1.0102 times the reach that the index found; there it is measured exactly.
-- Parameters: as_of, known_at, regions_on, site_id (null: none), region (null: none), row_limit.
-- Columns: id, distance_m.
-- Order: distance_m, id.
WITH origin AS MATERIALIZED (
    SELECT coalesce(
        (SELECT s.geom FROM register.site s WHERE s.id = %(site_id)s),
        (SELECT r.label_point FROM register.region r
         WHERE r.code = %(region)s AND r.valid @> %(regions_on)s::date))::geography AS place
), near AS (
    SELECT p.geom
    FROM register.centre_place p
    JOIN register.centres_at(%(as_of)s, %(known_at)s) c ON c.entry_id = p.id
    WHERE register.free_places(c.centre_id, %(as_of)s, %(known_at)s) > 0
    ORDER BY p.geom::geography <-> (SELECT o.place FROM origin o)
    LIMIT %(row_limit)s
), reach AS (
    SELECT max(ST_Distance(n.geom::geography, o.place, false)) * 1.011 AS metres FROM near n, origin o
)
SELECT c.centre_id, ST_Distance(p.geom::geography, o.place)
FROM reach
CROSS JOIN origin o
JOIN register.centre_place p ON ST_DWithin(p.geom::geography, o.place, reach.metres, false)
JOIN register.centres_at(%(as_of)s, %(known_at)s) c ON c.entry_id = p.id
WHERE register.free_places(c.centre_id, %(as_of)s, %(known_at)s) > 0
ORDER BY 2, 1
LIMIT %(row_limit)s
