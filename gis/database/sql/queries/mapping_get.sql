-- The columns of a sender's files as whoever acts has corrected them.
-- Parameters: sender, collection.
-- Columns: mapping. One row, or none.
SELECT m.mapping FROM register.column_mapping m
WHERE m.account_id = register.current_account_id() AND m.sender = %(sender)s AND m.collection = %(collection)s
