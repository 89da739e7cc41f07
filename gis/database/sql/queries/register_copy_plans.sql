-- Takes the rows of gis.database.plans.PlanRecord.
COPY staged_plan (external_id, kind, issuer, number, dated, dated_precision, text_reference, region_code, site_id,
                  planned_on, planned_precision, replaces_external_id, source, source_url, note, reported_on,
                  corrects_external_id, retracted, synthetic) FROM STDIN
