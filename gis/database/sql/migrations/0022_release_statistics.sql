-- Right after a release the planner knows nothing of its rows, and autovacuum comes a minute later; who may publish lets
-- the tables be counted at once.
CREATE FUNCTION register.analyze_releases() RETURNS void
    LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    ANALYZE published.region, published.place, published.figure, published.people, published.site, published.event,
            published.release;
END $$;
REVOKE EXECUTE ON FUNCTION register.analyze_releases FROM PUBLIC;
GRANT EXECUTE ON FUNCTION register.analyze_releases TO atlas_national;
