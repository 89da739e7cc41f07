"""What the atlas does: each function is one transaction over the database and the domain."""
