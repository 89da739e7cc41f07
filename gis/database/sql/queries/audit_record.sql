-- Records what whoever acts did that changes no row.
-- Parameters: action, detail.
-- Columns: the record's number; null when no account acts. One row.
SELECT register.record_action(%(action)s, %(detail)s)
