-- Where events are copied to: COPY does not work into a table with row-level security (design, decision 6).
-- Parameters: none.
CREATE TEMPORARY TABLE staged_event (
    position             bigint GENERATED ALWAYS AS IDENTITY,
    external_id          text,
    site_id              bigint,
    kind                 text,
    occurred_on          date,
    date_precision       text,
    planned              boolean,
    legal_instrument     text,
    legal_number         text,
    source               text,
    source_url           text,
    reported_on          date,
    corrects_external_id text,
    synthetic            boolean,
    note                 text
) ON COMMIT DROP
