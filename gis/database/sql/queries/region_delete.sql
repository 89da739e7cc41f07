-- Removes all regions, in the transaction that brings their successors.
-- Parameters: none.
DELETE FROM register.region
