-- What kinds of aid amounted to on a day.
-- Parameters: as_of.
-- Columns: aid_type, amount_rupiah, valid_from, valid_to (the last day; null: open), source, source_url.
-- Order: aid_type.
SELECT r.aid_type, r.amount_rupiah, lower(r.valid), (upper(r.valid) - 1), r.source, r.source_url
FROM register.aid_rate r WHERE r.valid @> %(as_of)s::date ORDER BY r.aid_type;
