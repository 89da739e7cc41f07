-- Remembers which files the regions came from.
-- Parameters: checksum (sha256, hexadecimal).
INSERT INTO register.boundary_load (checksum) VALUES (%(checksum)s)
ON CONFLICT (only_row) DO UPDATE SET checksum = EXCLUDED.checksum, loaded_at = now()
