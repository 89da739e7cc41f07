-- From those entitled to what was paid: the nation, its provinces and their regencies, where there is anything.
-- Parameters: as_of, known_at, regions_on, region (that one, and what lies in it; null: all), payer, aid_type (null: all),
--   definition (of those entitled).
-- Columns: level, code, name, parent_code; gis.domain.aid.AidFigures in its order; synthetic. A province without a code
--   is what belongs to no province, a regency without a code what belongs to a province as a whole.
-- Order: level (nation, province, regency), code; those without a code last.
SELECT CASE GROUPING(p.province_code, p.regency_code) WHEN 3 THEN 'nation' WHEN 1 THEN 'province' ELSE 'regency' END,
       CASE GROUPING(p.province_code, p.regency_code) WHEN 3 THEN NULL WHEN 1 THEN p.province_code ELSE p.regency_code END,
       CASE GROUPING(p.province_code, p.regency_code) WHEN 3 THEN 'Indonesia' WHEN 1 THEN max(p.province_name)
            ELSE max(p.regency_name) END,
       CASE GROUPING(p.province_code, p.regency_code) WHEN 0 THEN p.province_code END,
       sum(a.eligible)::bigint, sum(a.promised)::bigint, sum(a.paid)::bigint,
       coalesce(sum(greatest(a.eligible - a.promised, 0)), 0)::bigint,
       coalesce(sum(a.promised) FILTER (WHERE a.eligible IS NULL), 0)::bigint,
       sum(a.promised_rupiah)::bigint, sum(a.paid_rupiah)::bigint, sum(a.unvalued)::bigint, bool_or(a.synthetic)
FROM register.aid_places_at(%(as_of)s, %(known_at)s, %(definition)s, %(payer)s, %(aid_type)s,
                            %(region)s, %(regions_on)s) a
LEFT JOIN register.part_places_at(%(regions_on)s) p ON p.part_code = a.part_code
WHERE %(region)s::text IS NULL OR %(region)s IN (p.province_code, p.regency_code)
GROUP BY GROUPING SETS ((), (p.province_code), (p.province_code, p.regency_code))
HAVING count(*) > 0
ORDER BY GROUPING(p.province_code, p.regency_code) DESC, 2 NULLS LAST, p.province_code NULLS LAST;
