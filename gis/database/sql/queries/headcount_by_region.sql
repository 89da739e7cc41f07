-- Numbers of people by region and definition, at the latest count of each part of each site: lokalisasi, and lokasi
-- beside them. Definitions are columns of their own and never added to each other.
-- Parameters: as_of, known_at, regions_on, region (that one, and what lies in it; null: all).
-- Columns: level, code, name, parent_code, resident, beneficiary, returned, lokasi_resident, lokasi_beneficiary,
--   lokasi_returned (null where nobody counted), latest_on, synthetic. A province without a code is what lies in none, a
--   regency without a code what is known by its province only.
-- Order: level (nation, province, regency), code; those without a code last.
SELECT CASE GROUPING(p.province_code, p.regency_code) WHEN 3 THEN 'nation' WHEN 1 THEN 'province' ELSE 'regency' END,
       CASE GROUPING(p.province_code, p.regency_code) WHEN 3 THEN NULL WHEN 1 THEN p.province_code ELSE p.regency_code END,
       CASE GROUPING(p.province_code, p.regency_code) WHEN 3 THEN 'Indonesia' WHEN 1 THEN max(p.province_name)
            ELSE max(p.regency_name) END,
       CASE GROUPING(p.province_code, p.regency_code) WHEN 0 THEN p.province_code END,
       sum(h.n) FILTER (WHERE h.definition = 'resident' AND h.site_type = 'lokalisasi'),
       sum(h.n) FILTER (WHERE h.definition = 'beneficiary' AND h.site_type = 'lokalisasi'),
       sum(h.n) FILTER (WHERE h.definition = 'returned' AND h.site_type = 'lokalisasi'),
       sum(h.n) FILTER (WHERE h.definition = 'resident' AND h.site_type = 'lokasi'),
       sum(h.n) FILTER (WHERE h.definition = 'beneficiary' AND h.site_type = 'lokasi'),
       sum(h.n) FILTER (WHERE h.definition = 'returned' AND h.site_type = 'lokasi'),
       max(h.counted_on), bool_or(h.synthetic)
FROM register.headcounts_at(%(as_of)s, %(known_at)s) h
LEFT JOIN register.part_places_at(%(regions_on)s) p ON p.part_code = h.part_code
WHERE (%(region)s::text IS NULL
       OR (h.site_id = ANY ((SELECT register.counted_sites(%(region)s, %(regions_on)s))::bigint[])
           AND %(region)s IN (p.province_code, p.regency_code)))
GROUP BY GROUPING SETS ((), (p.province_code), (p.province_code, p.regency_code))
HAVING count(*) > 0
ORDER BY GROUPING(p.province_code, p.regency_code) DESC, 2 NULLS LAST, p.province_code NULLS LAST;
