-- Regencies that went from one province to another: a province's gains and losses, or a regency's moves.
-- Parameters: code (a province's or regency's, of any period).
-- Columns: the day, code and name of the province before and after, codes of today of the regencies that went.
-- Order: day, then code before, then code after.
SELECT lower(after.valid), was.code, was.name, became.code, became.name,
       array_agg(after.code_today ORDER BY after.code_today)
FROM register.region after
JOIN register.region before ON before.level = 'regency' AND before.code_today = after.code_today
                           AND upper(before.valid) = lower(after.valid)
JOIN register.region was ON was.level = 'province' AND was.code = before.parent_code
                        AND was.valid @> (lower(after.valid) - 1)
JOIN register.region became ON became.level = 'province' AND became.code = after.parent_code
                           AND became.valid @> lower(after.valid)
WHERE after.level = 'regency' AND before.parent_code <> after.parent_code
  AND %(code)s IN (before.parent_code, after.parent_code, before.code, after.code, after.code_today)
GROUP BY lower(after.valid), was.code, was.name, became.code, became.name
ORDER BY lower(after.valid), was.code, became.code
