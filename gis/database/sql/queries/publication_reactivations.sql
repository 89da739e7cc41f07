-- Lokalisasi reported active again after a closing.
-- Parameters: as_of.
-- Columns: site_id, reactivated_on.
-- Order: as the columns.
SELECT r.site_id, r.reactivated_on
FROM register.reactivations_at(%(as_of)s, NULL) r
JOIN register.site s ON s.id = r.site_id AND s.site_type = 'lokalisasi'
ORDER BY 1, 2
