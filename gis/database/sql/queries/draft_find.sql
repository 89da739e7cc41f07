-- Drafts of a batch.
-- Parameters: batch_id, outcomes, collection, row_numbers (null: any), remarked (true: only rows with remarks).
-- Columns: as gis.domain.batches.Draft, in its order.
-- Order: row_number, part.
SELECT d.row_number, d.part, d.collection, d.content, d.raw, d.problems, d.outcome, d.fact_id, d.based_on, d.before,
       d.remarks, d.region_codes
FROM register.draft d
WHERE d.batch_id = %(batch_id)s
  AND (%(outcomes)s::text[] IS NULL OR d.outcome = ANY (%(outcomes)s))
  AND (%(collection)s::text IS NULL OR d.collection = %(collection)s)
  AND (%(row_numbers)s::integer[] IS NULL OR d.row_number = ANY (%(row_numbers)s))
  AND (NOT %(remarked)s OR d.remarks IS NOT NULL)
ORDER BY d.row_number, d.part
