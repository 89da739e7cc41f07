-- Takes the rows of gis.database.loading.HeadcountRecord.
COPY staged_headcount (external_id, site_id, region_code, counted_on, n, definition, source, source_url,
                       reported_on, synthetic) FROM STDIN
