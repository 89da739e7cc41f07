-- People behind each amount of aid in a release, by province, kind and payer; null: withheld.
-- Parameters: release_id, boundaries_id, regions_on, region (a province's code of that day; null: all), payer, aid_type (null:
--   all).
-- Columns: code and name (of the province; null: in none), aid_type, payer, amount_rupiah, promised, paid, synthetic.
-- Order: code (those in none last), aid_type, payer, amount.
SELECT p.province_code AS code, p.province_name AS name, a.aid_type, a.payer, a.amount_rupiah, a.promised, a.paid,
       a.synthetic
FROM published.aid a
LEFT JOIN published.place p
       ON p.boundaries_id = %(boundaries_id)s AND p.for_province AND p.province_today = a.province_code
          AND p.valid @> %(regions_on)s::date
WHERE a.release_id = %(release_id)s AND (%(region)s::text IS NULL OR p.province_code = %(region)s)
  AND (%(payer)s::text IS NULL OR a.payer = %(payer)s)
  AND (%(aid_type)s::text IS NULL OR a.aid_type = %(aid_type)s)
ORDER BY p.province_code NULLS LAST, a.aid_type, a.payer, a.amount_rupiah NULLS LAST
