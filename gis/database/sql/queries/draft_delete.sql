-- Takes drafts out of one's own open batch.
-- Parameters: batch_id, row_numbers (null: all).
DELETE FROM register.draft d
WHERE d.batch_id = %(batch_id)s AND (%(row_numbers)s::integer[] IS NULL OR d.row_number = ANY (%(row_numbers)s))
