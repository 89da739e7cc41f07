-- Copies drafts into the staging table.
COPY staged_draft (row_number, part, collection, content, raw, problems, outcome, fact_id, based_on, remarks) FROM STDIN
