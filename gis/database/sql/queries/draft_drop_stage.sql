-- Makes room for another staging in the same transaction.
-- Parameters: none.
DROP TABLE staged_draft
