-- Makes foreign land of what was staged.
-- Parameters: none.
INSERT INTO register.neighbour (name, geom) SELECT s.name, s.geom FROM staged_neighbour s ORDER BY s.name
