-- Provinces and regencies with the time in which each was valid (ISO 19107 geometries, EPSG:4326).
-- A province has a row a vintage; a regency keeps today's shape at every date and has a row for each
-- province it belonged to and each code it bore. Codes are Kemendagri's; ISO 3166-2 and BPS are attributes.
CREATE TABLE register.region (
    region_id     integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    level         text NOT NULL CHECK (level IN ('province', 'regency')),
    code          text NOT NULL,           -- the code borne while `valid`
    code_today    text NOT NULL,           -- of a regency: its code today; of a province: the same as code
    parent_code   text,                    -- of a regency: the province's code while `valid`
    name          text NOT NULL,
    kind          text NOT NULL CHECK (kind IN ('provinsi', 'kabupaten', 'kota')),
    iso_code      text,
    bps_code      text,
    valid         daterange NOT NULL CHECK (NOT isempty(valid)),  -- no lower bound: before 1999
    geom          geometry(MultiPolygon, 4326) NOT NULL,          -- for the join and for exports
    geom_map      geometry(MultiPolygon, 4326) NOT NULL,          -- simplified coverage, 0.005°
    geom_overview geometry(MultiPolygon, 4326) NOT NULL,          -- simplified coverage, 0.05°
    label_point   geometry(Point, 4326) NOT NULL,                 -- inside the region's largest part
    area_km2      double precision NOT NULL CHECK (area_km2 > 0), -- geodesic
    CHECK ((level = 'regency') = (parent_code IS NOT NULL)),
    EXCLUDE USING gist (level WITH =, code WITH =, valid WITH &&),
    EXCLUDE USING gist (level WITH =, code_today WITH =, valid WITH &&)
);
CREATE INDEX region_geom_idx ON register.region USING gist (geom);

-- Foreign land near Indonesia, for the rule that "nearest" holds only across water.
CREATE TABLE register.neighbour (
    name text PRIMARY KEY,
    geom geometry(MultiPolygon, 4326) NOT NULL
);
CREATE INDEX neighbour_geom_idx ON register.neighbour USING gist (geom);

-- Which files the regions came from; one row.
CREATE TABLE register.boundary_load (
    only_row  boolean PRIMARY KEY DEFAULT true CHECK (only_row),
    checksum  text NOT NULL,               -- sha256 over the files of data/boundaries
    loaded_at timestamptz NOT NULL DEFAULT now()
);
