-- How many batches wait for whoever acts: handed in by others where he decides, and his own that were sent back.
-- Parameters: approves (whether he decides over those of others), most (where to stop counting).
-- Columns: n.
-- Order: one row.
SELECT count(*) AS n
FROM (SELECT
      FROM register.batch b
      WHERE b.state IN ('submitted', 'returned')
        AND CASE b.state WHEN 'returned' THEN b.author_id = register.current_account_id()
                         ELSE %(approves)s AND b.author_id IS DISTINCT FROM register.current_account_id() END
      LIMIT %(most)s) w
