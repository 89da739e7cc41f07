-- Makes drafts of a batch of what was staged.
-- Parameters: batch_id.
INSERT INTO register.draft (batch_id, row_number, part, collection, content, raw, problems, outcome, fact_id, based_on,
                            remarks)
SELECT %(batch_id)s, s.row_number, s.part, s.collection, s.content, s.raw, s.problems, s.outcome, s.fact_id, s.based_on,
       s.remarks
FROM staged_draft s
ORDER BY s.row_number, s.part
