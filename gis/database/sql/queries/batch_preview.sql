-- Where each draft of a batch would belong if it were applied.
-- Parameters: id.
-- Columns: draft id, row_number, part, collection, region_codes, province_code, regency_code, within_scope.
-- Order: row_number, part.
SELECT d.id, d.row_number, d.part, d.collection, p.region_codes, p.province_code, p.regency_code, p.within_scope
FROM register.preview_batch(%(id)s) p
JOIN register.draft d ON d.id = p.draft_id
ORDER BY d.row_number, d.part
