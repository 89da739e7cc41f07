-- People behind each amount of aid, by province of today, kind and payer.
-- Parameters: as_of.
-- Columns: province_code (empty in none), aid_type, payer, amount_rupiah (null: not known), promised, paid, synthetic.
-- Order: as the columns.
SELECT left(coalesce(a.part_code, ''), 2) AS province_code, a.aid_type, a.payer, a.amount_rupiah,
       sum(coalesce(a.planned_n, 0))::bigint AS promised, sum(coalesce(a.paid_n, 0))::bigint AS paid,
       bool_or(a.synthetic) AS synthetic
FROM register.aid_at(%(as_of)s, NULL) a
GROUP BY 1, 2, 3, 4
ORDER BY 1, 2, 3, 4 NULLS LAST
