-- Sites without a place are in every box that is asked for (OGC API – Features core, abstract test 15). The index of places
-- would be read as a whole to find them.
CREATE INDEX site_placeless_idx ON register.site (id) WHERE geom IS NULL;
