-- Takes (name, shape as hexadecimal EWKB).
COPY staged_neighbour (name, geom) FROM STDIN
