-- The join, once, at write (design decision 2): the twin of gis/domain/spatial_join.py, in any writer's
-- transaction. Both are run against tests/data/hard_cases.json. Every function pins its search_path, since
-- direct connections may have any.

-- A degree of longitude in degrees of latitude, on the WGS 84 ellipsoid.
CREATE FUNCTION register.longitude_shortening(latitude double precision) RETURNS double precision
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN cosd(latitude) * (1 - 0.0066943799901413165 * sind(latitude) ^ 2) / (1 - 0.0066943799901413165);

-- The regency of today whose border is nearest to a place: of one province at whatever distance, or of all
-- within 0.0461° (5 km of longitude at 12° north or south). The shortest line is found in a plane whose
-- longitudes are shortened as at the place, and measured on the ellipsoid, in whole millimetres.
CREATE FUNCTION register.nearest_regency(place geometry, province text)
    RETURNS TABLE (code text, parent_code text, distance_m numeric, line geometry)
    LANGUAGE sql STABLE PARALLEL SAFE SET search_path = register, public, pg_temp
AS $$
    WITH plane AS (
        SELECT register.longitude_shortening((ST_YMin(place) + ST_YMax(place)) / 2) AS x_factor
    ), candidate AS (
        SELECT r.code, r.parent_code, ST_Boundary(r.geom) AS border
        FROM region r
        WHERE r.level = 'regency' AND upper_inf(r.valid) AND r.parent_code = province
        UNION ALL
        SELECT r.code, r.parent_code, ST_ClipByBox2D(ST_Boundary(r.geom), ST_Expand(place, 0.05))
        FROM region r
        WHERE r.level = 'regency' AND upper_inf(r.valid) AND province IS NULL
          AND ST_DWithin(r.geom, place, 0.0461)
    ), way AS (
        SELECT c.code, c.parent_code,
               ST_Scale(ST_ShortestLine(ST_Scale(place, x_factor, 1), ST_Scale(c.border, x_factor, 1)),
                        1 / x_factor, 1) AS line
        FROM candidate c, plane
        WHERE NOT ST_IsEmpty(c.border)
    )
    SELECT w.code, w.parent_code,
           round(ST_Distance(ST_StartPoint(w.line)::geography, ST_EndPoint(w.line)::geography)::numeric, 3),
           w.line
    FROM way w
    ORDER BY 3, 1
    LIMIT 1
$$;

-- Whether the way to the nearest region leads over foreign land, or a land border is within 5 km. A border
-- counts as one where foreign land is within 0.018° (2 km), which is how good the outlines of neighbours are.
CREATE FUNCTION register.is_across_land(place geometry, line geometry) RETURNS boolean
    LANGUAGE sql STABLE PARALLEL SAFE SET search_path = register, public, pg_temp
AS $$
    SELECT EXISTS (SELECT FROM neighbour n WHERE ST_Intersects(n.geom, line))
        OR EXISTS (
            SELECT
            FROM neighbour n
            JOIN region p ON p.level = 'province' AND upper_inf(p.valid) AND ST_DWithin(p.geom, place, 0.0461)
            WHERE ST_DWithin(n.geom, place, 0.0461 + 0.018)
              AND ST_DWithin(n.geom, ST_Intersection(
                      ST_ClipByBox2D(ST_Boundary(p.geom), ST_Expand(place, 0.05)),
                      ST_Buffer(place, 0.0461, 'quad_segs=8')), 0.018))
$$;

-- The regions of today that cover points. Many points: the region is the outer side of the loop, so that
-- PostGIS keeps its prepared polygon (1 M points: 3 s); few points: the regions are looked up by their index.
CREATE FUNCTION register.regions_covering(site_ids bigint[])
    RETURNS TABLE (site_id bigint, level text, code text, parent_code text)
    LANGUAGE plpgsql STABLE SET search_path = register, public, pg_temp
AS $$
BEGIN
    IF cardinality(site_ids) > 1000 AND cardinality(site_ids) * 20 > (SELECT count(*) FROM site) THEN
        RETURN QUERY
            SELECT s.id, r.level, r.code, r.parent_code
            FROM region r
            CROSS JOIN LATERAL (  -- OFFSET 0 keeps the planner from turning the loop round
                SELECT i.id FROM site i WHERE ST_Covers(r.geom, i.geom) AND ST_Dimension(i.geom) = 0 OFFSET 0
            ) s
            -- IS TRUE makes it a hashed subplan; as a join it would be planned for ten rows and loop over all
            WHERE upper_inf(r.valid) AND (s.id IN (SELECT unnest(site_ids))) IS TRUE;
    ELSE
        RETURN QUERY
            SELECT s.id, r.level, r.code, r.parent_code
            FROM site s
            JOIN region r ON ST_Covers(r.geom, s.geom)
            WHERE s.id = ANY (site_ids) AND ST_Dimension(s.geom) = 0 AND upper_inf(r.valid);
    END IF;
END
$$;

-- The regions of today that hold at least 1 % of a polygon's geodesic area.
CREATE FUNCTION register.regions_sharing(site_ids bigint[])
    RETURNS TABLE (site_id bigint, level text, code text, parent_code text, share double precision)
    LANGUAGE sql STABLE SET search_path = register, public, pg_temp
AS $$
    SELECT h.id, h.level, h.code, h.parent_code, h.share
    FROM (
        SELECT s.id, r.level, r.code, r.parent_code,
               CASE WHEN ST_Covers(r.geom, s.geom) THEN 1
                    ELSE least(1, round((
                        ST_Area(ST_CollectionExtract(ST_Intersection(r.geom, s.geom), 3)::geography)
                        / nullif(ST_Area(s.geom::geography), 0))::numeric, 9))::double precision
               END AS share
        FROM site s
        JOIN region r ON ST_Intersects(r.geom, s.geom)
        WHERE s.id = ANY (site_ids) AND ST_Dimension(s.geom) = 2 AND upper_inf(r.valid)
    ) h
    WHERE h.share >= 0.01
$$;

-- Sites without a geometry: the declared regions, each once, with equal shares, in the order declared.
CREATE FUNCTION register.regions_declared(site_ids bigint[])
    RETURNS TABLE (site_id bigint, level text, code text, parent_code text, share double precision, place bigint)
    LANGUAGE sql STABLE SET search_path = register, public, pg_temp
AS $$
    WITH declared AS (
        SELECT s.id, r.level, r.code, r.parent_code, min(d.place) AS place,
               1 / count(*) OVER (PARTITION BY s.id)::double precision AS share
        FROM site s
        CROSS JOIN unnest(s.declared_region_codes) WITH ORDINALITY AS d(code, place)
        JOIN region r ON r.code = d.code AND upper_inf(r.valid)
        WHERE s.id = ANY (site_ids) AND s.geom IS NULL
        GROUP BY s.id, r.level, r.code, r.parent_code
    )
    SELECT id, level, code, parent_code, share, place FROM declared WHERE level = 'regency'
    UNION ALL
    SELECT id, 'province', coalesce(parent_code, code), NULL, least(1, sum(share)), min(place)
    FROM declared
    GROUP BY id, coalesce(parent_code, code)
$$;

-- Every region of today that sites lie in, with how it was found; the primary regency lies in the primary
-- province, so that the regencies of a province add up to it. A site that lies nowhere has no row.
-- Points in several regions of a level (a shared border) have equal shares in them.
CREATE FUNCTION register.find_regions(site_ids bigint[])
    RETURNS TABLE (site_id bigint, level text, region_code text, share double precision, is_primary boolean,
                   method text)
    LANGUAGE sql STABLE SET search_path = register, public, pg_temp
AS $$
    WITH held AS MATERIALIZED (
        SELECT c.site_id, c.level, c.code, c.parent_code, 1 / n::double precision AS share, 0::bigint AS place,
               CASE WHEN n > 1 THEN 'tie' ELSE 'covers' END AS method
        FROM (SELECT *, count(*) OVER (PARTITION BY c.site_id, c.level) AS n
              FROM register.regions_covering(site_ids) c) c
        UNION ALL
        SELECT a.site_id, a.level, a.code, a.parent_code, a.share, 0,
               CASE WHEN count(*) OVER (PARTITION BY a.site_id, a.level) > 1 THEN 'area' ELSE 'covers' END
        FROM register.regions_sharing(site_ids) a
        UNION ALL
        SELECT d.site_id, d.level, d.code, d.parent_code, d.share, d.place, 'declared'
        FROM register.regions_declared(site_ids) d
    ), province AS (
        SELECT DISTINCT ON (h.site_id) h.site_id, h.code, h.share, h.method
        FROM held h
        WHERE h.level = 'province'
        ORDER BY h.site_id, h.place, h.share DESC, h.code
    ), regency AS (
        SELECT DISTINCT ON (h.site_id) h.site_id, h.code
        FROM held h
        JOIN province p ON p.site_id = h.site_id AND p.code = h.parent_code
        WHERE h.level = 'regency'
        ORDER BY h.site_id, h.place, h.share DESC, h.code
    ), lake AS (
        SELECT p.site_id, n.code, p.share
        FROM province p
        JOIN site s ON s.id = p.site_id
        CROSS JOIN LATERAL register.nearest_regency(s.geom, p.code) n
        WHERE p.method <> 'declared' AND NOT EXISTS (SELECT FROM regency r WHERE r.site_id = p.site_id)
    ), outside AS (
        SELECT s.id AS site_id, n.code, n.parent_code
        FROM site s
        CROSS JOIN LATERAL register.nearest_regency(s.geom, NULL) n
        WHERE s.id = ANY (site_ids) AND s.geom IS NOT NULL
          AND NOT EXISTS (SELECT FROM province p WHERE p.site_id = s.id)
          AND n.distance_m <= 5000 AND NOT register.is_across_land(s.geom, n.line)
    )
    SELECT h.site_id, h.level, h.code, h.share, h.code = p.code OR h.code IS NOT DISTINCT FROM r.code, h.method
    FROM held h
    JOIN province p ON p.site_id = h.site_id
    LEFT JOIN regency r ON r.site_id = h.site_id
    WHERE NOT EXISTS (SELECT FROM lake l WHERE l.site_id = h.site_id AND l.code = h.code)
    UNION ALL
    SELECT l.site_id, 'regency', l.code, l.share, true, 'nearest' FROM lake l
    UNION ALL
    SELECT o.site_id, each.level, each.code, 1, true, 'nearest'
    FROM outside o
    CROSS JOIN LATERAL (VALUES ('province', o.parent_code), ('regency', o.code)) AS each (level, code)
$$;

-- Joins sites again and stores what is found; returns how many of them changed.
CREATE FUNCTION register.assign_regions(site_ids bigint[]) RETURNS bigint
    LANGUAGE plpgsql VOLATILE SET search_path = register, public, pg_temp
AS $$
DECLARE
    wrong record;
    changed bigint;
BEGIN
    SELECT s.id, d.code INTO wrong
    FROM site s
    CROSS JOIN unnest(s.declared_region_codes) AS d(code)
    WHERE s.id = ANY (site_ids)
      AND NOT EXISTS (SELECT FROM region r WHERE r.code = d.code AND upper_inf(r.valid))
    LIMIT 1;
    IF FOUND THEN
        RAISE EXCEPTION 'site %: % is no Kemendagri code of a province or regency of today', wrong.id, wrong.code
            USING ERRCODE = 'check_violation', TABLE = 'site', COLUMN = 'declared_region_codes',
                  CONSTRAINT = 'site_declared_region_codes_check';
    END IF;

    DELETE FROM site_region o WHERE o.site_id = ANY (site_ids);
    WITH found AS MATERIALIZED (
        SELECT * FROM register.find_regions(site_ids)
    ), stored AS (
        INSERT INTO site_region (site_id, level, region_code, share, is_primary)
        SELECT f.site_id, f.level, f.region_code, f.share, f.is_primary FROM found f
    ), summed AS (
        SELECT f.site_id,
               max(f.region_code) FILTER (WHERE f.is_primary AND f.level = 'province') AS province_code,
               max(f.region_code) FILTER (WHERE f.is_primary AND f.level = 'regency') AS regency_code,
               max(f.method) FILTER (WHERE f.is_primary AND f.level = 'province') AS province_method,
               max(f.method) FILTER (WHERE f.is_primary AND f.level = 'regency') AS regency_method,
               array_agg(f.region_code ORDER BY f.is_primary DESC, f.region_code)
                   FILTER (WHERE f.level = 'province') AS province_codes
        FROM found f
        GROUP BY f.site_id
    ), wanted AS (
        SELECT asked.id, w.province_code, w.regency_code, coalesce(w.province_method, 'none') AS province_method,
               coalesce(w.regency_method, 'none') AS regency_method,
               coalesce(w.province_codes, '{}') AS province_codes
        FROM unnest(site_ids) AS asked(id)
        LEFT JOIN summed w ON w.site_id = asked.id
    )
    UPDATE site s
    SET province_code = w.province_code, regency_code = w.regency_code,
        province_join_method = w.province_method, regency_join_method = w.regency_method,
        province_codes = w.province_codes
    FROM wanted w
    WHERE w.id = s.id
      AND (s.province_code, s.regency_code, s.province_join_method, s.regency_join_method, s.province_codes)
          IS DISTINCT FROM
          (w.province_code, w.regency_code, w.province_method, w.regency_method, w.province_codes);
    GET DIAGNOSTICS changed = ROW_COUNT;
    RETURN changed;
END
$$;

-- Transition tables allow one event a trigger, and no column list: an update joins those whose place changed,
-- which the join's own update never does, so that it does not call itself.
CREATE FUNCTION register.join_inserted_sites() RETURNS trigger
    LANGUAGE plpgsql SET search_path = register, public, pg_temp
AS $$
BEGIN
    PERFORM register.assign_regions((SELECT array_agg(n.id) FROM inserted n));
    RETURN NULL;
END
$$;

CREATE FUNCTION register.join_updated_sites() RETURNS trigger
    LANGUAGE plpgsql SET search_path = register, public, pg_temp
AS $$
DECLARE
    moved bigint[] := (
        SELECT array_agg(n.id)
        FROM after_update n
        LEFT JOIN before_update o ON o.id = n.id
        WHERE (o.geom, o.declared_region_codes) IS DISTINCT FROM (n.geom, n.declared_region_codes));
BEGIN
    IF moved IS NOT NULL THEN
        PERFORM register.assign_regions(moved);
    END IF;
    RETURN NULL;
END
$$;

CREATE TRIGGER site_join_after_insert AFTER INSERT ON register.site
    REFERENCING NEW TABLE AS inserted
    FOR EACH STATEMENT EXECUTE FUNCTION register.join_inserted_sites();

CREATE TRIGGER site_join_after_update AFTER UPDATE ON register.site
    REFERENCING OLD TABLE AS before_update NEW TABLE AS after_update
    FOR EACH STATEMENT EXECUTE FUNCTION register.join_updated_sites();

-- Any change of a site, also of its join, is seen by whoever asks for what changed since.
CREATE FUNCTION register.touch_site() RETURNS trigger
    LANGUAGE plpgsql SET search_path = register, public, pg_temp
AS $$
BEGIN
    NEW.updated_at := now();
    RETURN NEW;
END
$$;

CREATE TRIGGER site_touch_before_update BEFORE UPDATE ON register.site
    FOR EACH ROW WHEN (OLD.* IS DISTINCT FROM NEW.*) EXECUTE FUNCTION register.touch_site();
