-- Which files the regions came from.
-- Parameters: none.
-- Columns: sha256, hexadecimal. No row before the first load.
SELECT l.checksum FROM register.boundary_load l
