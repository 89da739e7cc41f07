-- Notes how the file of one's own open batch is read.
-- Parameters: id, detail.
-- Columns: whether there was such a batch. One row.
SELECT register.note_batch_detail(%(id)s, %(detail)s)
