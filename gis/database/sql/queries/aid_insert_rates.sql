-- What kinds of aid amount to; a rate that is there, or overlaps one, stays.
-- Parameters: rows (JSON array of gis.domain.records.aid.AidRateRow).
INSERT INTO register.aid_rate (aid_type, amount_rupiah, valid, source, source_url)
SELECT r.aid_type, r.amount_rupiah, daterange(r.valid_from, r.valid_to, '[]'), r.source, r.source_url
FROM jsonb_to_recordset(%(rows)s) AS r(
    aid_type text, amount_rupiah bigint, valid_from date, valid_to date, source text, source_url text)
ON CONFLICT DO NOTHING;
