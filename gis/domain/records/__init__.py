"""What may be entered: one module a kind of record; imports, forms, drafts and loaders share these rules."""
