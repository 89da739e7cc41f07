-- Makes rows of aid, approved now, in their order; one whose external id is there already stays as it is.
-- Parameters: rows (JSON array of gis.domain.records.aid.AidRow).
INSERT INTO register.aid (id, external_id, item_key, aid_type, payer, payer_name, region_code, site_id, amount_rupiah,
                          eligible_n, planned_n, paid_n, period_from, period_to, stated_on, source, source_url, note,
                          reported_on, synthetic, corrects_id, retracted)
SELECT (r.value ->> 'id')::bigint, c.external_id, c.item_key, c.aid_type, c.payer, c.payer_name, c.region_code,
       c.site_id, c.amount_rupiah, c.eligible_n, c.planned_n, c.paid_n, c.period_from, c.period_to,
       c.stated_on, c.source, c.source_url, c.note, c.reported_on, c.synthetic, c.corrects_id, c.retracted
FROM jsonb_array_elements(%(rows)s) WITH ORDINALITY AS r(value, position)
CROSS JOIN jsonb_to_record(r.value) AS c(
    external_id text, item_key text, aid_type text, payer text, payer_name text, region_code text, site_id bigint,
    amount_rupiah bigint, eligible_n integer, planned_n integer, paid_n integer, period_from date, period_to date,
    stated_on date, source text, source_url text, note text, reported_on date, synthetic boolean, corrects_id bigint,
    retracted boolean)
ORDER BY r.position
ON CONFLICT (external_id) DO NOTHING;
