-- Takes the rows of gis.database.loading.SiteRecord; wkt is EPSG:4326, lon before lat.
COPY staged_site (id, name, alternative_names, site_type, wkt, location_accuracy, location_source,
                  declared_region_codes, synthetic, source_url) FROM STDIN
