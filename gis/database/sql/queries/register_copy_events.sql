-- Takes the rows of gis.database.loading.EventRecord.
COPY staged_event (external_id, site_id, kind, occurred_on, date_precision, planned, legal_instrument,
                   legal_number, source, source_url, reported_on, corrects_external_id, synthetic, note) FROM STDIN
