-- Where drafts are copied before they are inserted: COPY does not work into a table with row policies.
-- Parameters: none.
CREATE TEMPORARY TABLE staged_draft (
    row_number integer, part smallint, collection text, content jsonb, raw jsonb, problems jsonb, outcome text,
    fact_id bigint, based_on timestamptz, remarks jsonb
) ON COMMIT DROP
