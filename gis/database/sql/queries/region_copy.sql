-- Takes the rows of gis.database.regions.RegionRow; shapes as hexadecimal EWKB.
COPY staged_region (level, code, code_today, parent_code, name, kind, iso_code, bps_code, valid_from, valid_to,
                    area_km2, label_point, geom, geom_map, geom_overview) FROM STDIN
