-- Joins every site again, since the regions below it are other ones.
-- Parameters: none.
SELECT register.assign_regions(array_agg(s.id)) FROM register.site s
