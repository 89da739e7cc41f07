-- Let the planner know the rows of releases.
-- Parameters: none.
-- Columns: none of use.
SELECT register.analyze_releases()
