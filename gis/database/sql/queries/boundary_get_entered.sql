-- A boundary as it was entered, that nothing corrects and that takes nothing back.
-- Parameters: site_id, id.
-- Columns: id, site_id, wkt, legal_instrument, legal_number, dated_on, source, source_url, note.
-- Order: at most one row.
SELECT b.id, b.site_id, b.wkt, b.legal_instrument, b.legal_number, b.dated_on, b.source, b.source_url, b.note
FROM register.decree_boundary b
WHERE b.id = %(id)s AND b.site_id = %(site_id)s AND b.known_on IS NOT NULL AND NOT b.retracted
  AND NOT EXISTS (SELECT FROM register.decree_boundary later WHERE later.corrects_id = b.id AND later.known_on IS NOT NULL)
