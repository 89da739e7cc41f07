-- Where plans are copied to: COPY does not work into a table with row-level security (design, decision 6).
-- Parameters: none.
CREATE TEMPORARY TABLE staged_plan (
    position             bigint GENERATED ALWAYS AS IDENTITY,
    external_id          text,
    kind                 text,
    issuer               text,
    number               text,
    dated                date,
    dated_precision      text,
    text_reference       text,
    region_code          text,
    site_id              bigint,
    planned_on           date,
    planned_precision    text,
    replaces_external_id text,
    source               text,
    source_url           text,
    note                 text,
    reported_on          date,
    corrects_external_id text,
    retracted            boolean,
    synthetic            boolean
) ON COMMIT DROP
