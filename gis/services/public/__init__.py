"""What visitors are shown: each function reads one release, and nothing else is within its reach."""
