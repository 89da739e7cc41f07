-- Where headcounts are copied to: COPY does not work into a table with row-level security (design, decision 6).
-- Parameters: none.
CREATE TEMPORARY TABLE staged_headcount (
    position    bigint GENERATED ALWAYS AS IDENTITY,
    external_id text,
    site_id     bigint,
    region_code text,
    counted_on  date,
    n           integer,
    definition  text,
    source      text,
    source_url  text,
    reported_on date,
    synthetic   boolean
) ON COMMIT DROP
