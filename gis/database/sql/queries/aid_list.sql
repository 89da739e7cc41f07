-- Items of aid as they stood on a day, as known at another.
-- Parameters: as_of, known_at, regions_on, region, site_id, payer, aid_type (null: all), row_limit (null: all).
-- Columns: id, item_key, aid_type, payer, payer_name, province_code, province_name, regency_code, regency_name (of the day
--   regions_on), site_id, site_name, amount_rupiah, by_rate, eligible_n, planned_n, paid_n, promised_rupiah, paid_rupiah,
--   unpaid_rupiah, period_from, period_to, stated_on, source, source_url, note, synthetic.
-- Order: what is unpaid, most first, then the number of those who wait, id.
SELECT i.id, i.item_key, i.aid_type, i.payer, i.payer_name, p.province_code, p.province_name, p.regency_code,
       p.regency_name, i.site_id, i.site_name, i.amount_rupiah, i.by_rate, i.eligible_n, i.planned_n, i.paid_n,
       i.planned_n * i.amount_rupiah, i.paid_n * i.amount_rupiah, (i.planned_n - i.paid_n) * i.amount_rupiah,
       i.period_from, i.period_to, i.stated_on, i.source, i.source_url, i.note, i.synthetic
FROM register.aid_at(%(as_of)s, %(known_at)s) i
LEFT JOIN register.part_places_at(%(regions_on)s) p ON p.part_code = i.part_code
WHERE (%(region)s::text IS NULL OR %(region)s IN (p.province_code, p.regency_code))
  AND (%(site_id)s::bigint IS NULL OR i.site_id = %(site_id)s)
  AND (%(payer)s::text IS NULL OR i.payer = %(payer)s)
  AND (%(aid_type)s::text IS NULL OR i.aid_type = %(aid_type)s)
ORDER BY (i.planned_n - i.paid_n) * i.amount_rupiah DESC NULLS LAST, i.planned_n - i.paid_n DESC, i.id
LIMIT %(row_limit)s;
