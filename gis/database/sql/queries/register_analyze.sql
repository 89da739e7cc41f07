-- Tells the planner about what was loaded, in the transaction that loads it: every page reads these tables, and
-- without their numbers they are joined by nested loops.
-- Parameters: none.
ANALYZE register.site, register.site_region, register.event, register.headcount, register.site_state
