-- Tells the planner about the new regions and the table of places made from them, in the same transaction.
-- Parameters: none.
ANALYZE register.region, register.neighbour, register.place
