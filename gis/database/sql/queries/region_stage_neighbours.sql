-- Where new foreign land is copied to.
-- Parameters: none.
CREATE TEMPORARY TABLE staged_neighbour ON COMMIT DROP AS
SELECT n.name, n.geom FROM register.neighbour n WITH NO DATA
