-- Where a place would belong if a site were there, by the rule of all sites; nothing stays.
-- Parameters: wkt (EPSG:4326, lon before lat; null: known by its regions only), declared (codes of regions of today).
-- Columns: level, code, name, share, is_primary, method, within_scope (of whoever acts; the same in each row).
-- Order: province before regency, primary first, larger share first, code.
SELECT l.level, l.region_code, l.region_name, l.share, l.is_primary, l.method, l.within_scope
FROM register.locate(ST_GeomFromText(%(wkt)s, 4326), %(declared)s) l
