-- Keeps the file of one's own open batch.
-- Parameters: batch_id, content (bytes).
INSERT INTO register.batch_file (batch_id, content) VALUES (%(batch_id)s, %(content)s)
