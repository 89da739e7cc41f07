-- Removes all foreign land, in the transaction that brings its successor.
-- Parameters: none.
DELETE FROM register.neighbour
