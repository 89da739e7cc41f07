"""What people type into forms, turned into contents of records; refusals are told field by field."""
