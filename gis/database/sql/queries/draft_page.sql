-- A page of the rows of a batch, each with all of its drafts.
-- Parameters: batch_id, outcomes (of the rows; null: any), row_limit, row_offset (in rows).
-- Columns: as gis.domain.batches.Draft, in its order.
-- Order: row_number, part.
SELECT d.row_number, d.part, d.collection, d.content, d.raw, d.problems, d.outcome, d.fact_id, d.based_on, d.before,
       d.remarks, d.region_codes
FROM register.draft d
JOIN (SELECT r.row_number
      FROM register.row_outcomes(%(batch_id)s) r
      WHERE %(outcomes)s::text[] IS NULL OR r.outcome = ANY (%(outcomes)s)
      ORDER BY r.row_number
      LIMIT %(row_limit)s OFFSET %(row_offset)s) p ON p.row_number = d.row_number
WHERE d.batch_id = %(batch_id)s
ORDER BY d.row_number, d.part
