-- Where sites are copied to: COPY does not work into a table with row-level security (design, decision 6).
-- Parameters: none.
CREATE TEMPORARY TABLE staged_site (
    position              bigint GENERATED ALWAYS AS IDENTITY,
    id                    bigint,
    name                  text,
    alternative_names     text[],
    site_type             text,
    wkt                   text,
    location_accuracy     text,
    location_source       text,
    declared_region_codes text[],
    synthetic             boolean,
    source_url            text
) ON COMMIT DROP
