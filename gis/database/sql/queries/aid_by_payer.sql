-- What was promised and paid, by payer and by kind of aid.
-- Parameters: as_of, known_at, regions_on, region (null: all), payer, aid_type (null: all).
-- Columns: payer (null: a row of a kind), aid_type (null: a row of a payer), promised and paid (people, as the least that
--   there can be: of each place the kind that reaches most), promised_rupiah, paid_rupiah, unvalued, synthetic.
-- Order: payers first, then kinds; by what is unpaid, most first, then by name.
WITH item AS (
    SELECT i.payer, i.aid_type, i.site_id, i.part_code, i.planned_n, i.paid_n, i.amount_rupiah, i.synthetic
    FROM register.aid_at(%(as_of)s, %(known_at)s) i
    LEFT JOIN register.part_places_at(%(regions_on)s) p ON p.part_code = i.part_code
    WHERE (%(region)s::text IS NULL OR %(region)s IN (p.province_code, p.regency_code))
      AND (%(payer)s::text IS NULL OR i.payer = %(payer)s)
      AND (%(aid_type)s::text IS NULL OR i.aid_type = %(aid_type)s)
), by_type AS (
    SELECT i.payer, i.aid_type, i.site_id, i.part_code, sum(i.planned_n) AS promised, sum(i.paid_n) AS paid,
           sum(i.planned_n * i.amount_rupiah) AS promised_rupiah, sum(i.paid_n * i.amount_rupiah) AS paid_rupiah,
           sum(i.planned_n) FILTER (WHERE i.amount_rupiah IS NULL) AS unvalued, bool_or(i.synthetic) AS synthetic
    FROM item i GROUP BY i.payer, i.aid_type, i.site_id, i.part_code
), place AS (
    SELECT t.payer, NULL AS aid_type, max(t.promised) AS promised, max(t.paid) AS paid,
           sum(t.promised_rupiah) AS promised_rupiah, sum(t.paid_rupiah) AS paid_rupiah, sum(t.unvalued) AS unvalued,
           bool_or(t.synthetic) AS synthetic
    FROM by_type t GROUP BY t.payer, t.site_id, t.part_code
    UNION ALL
    SELECT NULL, t.aid_type, t.promised, t.paid, t.promised_rupiah, t.paid_rupiah, t.unvalued, t.synthetic FROM by_type t
)
SELECT p.payer, p.aid_type, sum(p.promised)::bigint, sum(p.paid)::bigint, coalesce(sum(p.promised_rupiah), 0)::bigint,
       coalesce(sum(p.paid_rupiah), 0)::bigint, coalesce(sum(p.unvalued), 0)::bigint, bool_or(p.synthetic)
FROM place p
GROUP BY p.payer, p.aid_type
ORDER BY p.payer IS NULL, coalesce(sum(p.promised_rupiah), 0) - coalesce(sum(p.paid_rupiah), 0) DESC, p.payer, p.aid_type;
