-- The region that whoever acts is bound to.
-- Parameters: none.
-- Columns: code (of today, Kemendagri; null: bound to none).
SELECT register.current_scope();
