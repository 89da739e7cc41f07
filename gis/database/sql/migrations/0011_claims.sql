-- Claims: what somebody said of a number, when, and where it was reported. They contradict each other and the
-- register, and stand beside it; nothing is derived from them (domain.md, "Seven things", 1).

CREATE TABLE register.claim (
    id              bigint PRIMARY KEY DEFAULT register.random_id(),
    external_id     text UNIQUE CHECK (length(external_id) BETWEEN 1 AND 200),  -- the sender's own key
    report          text NOT NULL CHECK (length(btrim(report)) BETWEEN 1 AND 200),  -- what is read together
    region_code     text CHECK (region_code ~ '^\d\d(\.\d\d)?$'),  -- Kemendagri, of today; null: the nation
    definition      text NOT NULL CHECK (definition IN (
        'sites_total', 'sites_closed', 'sites_left', 'people_resident', 'people_beneficiary', 'people_returned',
        'provinces_total', 'provinces_closed', 'provinces_left')),
    site_type       text CHECK (site_type IN ('lokalisasi', 'lokasi')),  -- null: both together
    value           integer NOT NULL CHECK (value BETWEEN 0 AND 1000000000),
    as_of           date NOT NULL CHECK (as_of BETWEEN '1900-01-01' AND '2199-12-31'),
    as_of_precision text NOT NULL DEFAULT 'day' CHECK (as_of_precision IN ('day', 'month', 'year')),
    counted_from    date CHECK (counted_from BETWEEN '1900-01-01' AND as_of),  -- null: from the beginning
    speaker         text CHECK (length(btrim(speaker)) BETWEEN 1 AND 200),  -- null: the report names nobody
    source          text NOT NULL,
    source_url      text,
    note            text,
    uncertain       boolean NOT NULL DEFAULT false,
    synthetic       boolean NOT NULL DEFAULT false,
    corrects_id     bigint REFERENCES register.claim,  -- what this one retracts or replaces
    retracted       boolean NOT NULL DEFAULT false,    -- true: the other one is no longer said, and this is no claim
    recorded_at     timestamptz NOT NULL DEFAULT now(),
    approved_at     timestamptz DEFAULT now(),
    reported_on     date,                  -- loaded rows: the day of their report, used as the known day
    known_on        date GENERATED ALWAYS AS (CASE WHEN approved_at IS NOT NULL
        THEN coalesce(reported_on, (approved_at AT TIME ZONE 'Asia/Jakarta')::date) END) STORED,
    -- The day that the register is asked for: the last one of the period that the claim names, but none after the
    -- day on which it was made.
    holds_on        date GENERATED ALWAYS AS (greatest(as_of, least(
        CASE as_of_precision
            WHEN 'day' THEN as_of
            WHEN 'month' THEN (date_trunc('month', as_of::timestamp) + interval '1 month -1 day')::date
            ELSE (date_trunc('year', as_of::timestamp) + interval '1 year -1 day')::date END,
        coalesce(reported_on, (approved_at AT TIME ZONE 'Asia/Jakarta')::date)))) STORED,
    CHECK (NOT retracted OR corrects_id IS NOT NULL),
    CHECK (corrects_id <> id),
    CHECK (definition NOT LIKE 'provinces%' OR region_code IS NULL)
);
CREATE INDEX claim_region_idx ON register.claim (region_code, holds_on);
CREATE INDEX claim_corrects_idx ON register.claim (corrects_id) WHERE corrects_id IS NOT NULL;

-- Claims on the nation and on provinces are seen by every account, those on a regency within its scope. People
-- below ten are withheld outside of it.
CALL register.guard('register.claim', $$
    coalesce(register.lies_in(region_code, (SELECT register.current_scope())), false)
    OR (coalesce(region_code, '') NOT LIKE '__.__'
        AND (definition NOT LIKE 'people%' OR value NOT BETWEEN 1 AND 9))$$);
CALL register.keep_audit('register.claim');

CREATE TRIGGER claim_append_only BEFORE UPDATE OR DELETE ON register.claim
    FOR EACH ROW EXECUTE FUNCTION register.refuse_change();
CREATE TRIGGER claim_no_truncate BEFORE TRUNCATE ON register.claim
    FOR EACH STATEMENT EXECUTE FUNCTION register.refuse_change();

-- A correction stays within its region, so that whoever may say the one may say the other.
CREATE FUNCTION register.claim_check_correction() RETURNS trigger
    LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF NOT EXISTS (SELECT FROM register.claim c
                   WHERE c.id = NEW.corrects_id AND c.region_code IS NOT DISTINCT FROM NEW.region_code) THEN
        RAISE EXCEPTION 'corrects_id %: there is no such claim on that region', NEW.corrects_id
            USING ERRCODE = 'foreign_key_violation', CONSTRAINT = 'claim_corrects_own_region', COLUMN = 'corrects_id';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER claim_correction BEFORE INSERT ON register.claim
    FOR EACH ROW WHEN (NEW.corrects_id IS NOT NULL) EXECUTE FUNCTION register.claim_check_correction();

-- A region that never was would be seen by nobody.
CREATE FUNCTION register.claim_check_region() RETURNS trigger
    LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF NOT EXISTS (SELECT FROM register.region r WHERE r.code = NEW.region_code AND upper_inf(r.valid)) THEN
        RAISE EXCEPTION '% is no Kemendagri code of a province or regency of today', NEW.region_code
            USING ERRCODE = 'check_violation', TABLE = 'claim', COLUMN = 'region_code', CONSTRAINT = 'claim_region_code_check';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER claim_region BEFORE INSERT ON register.claim
    FOR EACH ROW WHEN (NEW.region_code IS NOT NULL) EXECUTE FUNCTION register.claim_check_region();

-- The claims that count no more at a time, since a later one retracts or replaces them. Of the owner, since a
-- correction may be withheld from whoever sees what it corrects; it tells ids and nothing else.
CREATE FUNCTION register.corrected_claims(known_at date) RETURNS TABLE (claim_id bigint)
    LANGUAGE sql STABLE PARALLEL SAFE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
BEGIN ATOMIC
    SELECT c.corrects_id FROM register.claim c
    WHERE c.corrects_id IS NOT NULL AND c.known_on IS NOT NULL
      AND (corrected_claims.known_at IS NULL OR c.known_on <= corrected_claims.known_at);
END;
GRANT EXECUTE ON FUNCTION register.corrected_claims TO atlas_app, atlas_national, atlas_scoped;

INSERT INTO register.collection VALUES ('claims', 'claim', 40);

-- Makes claims of drafts, in the order of the file: one may correct another that stands further up. A claim on a
-- regency belongs to its province as well; one on the nation to no scope, so that national roles alone enter it.
CREATE FUNCTION register.apply_claims(draft_ids bigint[])
    RETURNS TABLE (draft_id bigint, fact_id bigint, region_codes text[])
    LANGUAGE sql SET search_path = register, public, pg_temp
AS $$
    WITH entered AS MATERIALIZED (
        SELECT d.id AS draft_id, d.fact_id, d.row_number, d.part, c.*
        FROM draft d
        CROSS JOIN jsonb_to_record(d.content) AS c(
            external_id text, report text, region_code text, definition text, site_type text, value integer,
            as_of date, as_of_precision text, counted_from date, speaker text, source text, source_url text,
            note text, uncertain boolean, reported_on date, corrects_id bigint, retracted boolean,
            synthetic boolean)
        WHERE d.id = ANY (draft_ids)
    ), made AS (
        INSERT INTO claim (id, external_id, report, region_code, definition, site_type, value, as_of, as_of_precision,
                           counted_from, speaker, source, source_url, note, uncertain, reported_on, corrects_id,
                           retracted, synthetic)
        SELECT e.fact_id, e.external_id, e.report, e.region_code, e.definition, e.site_type, e.value, e.as_of,
               coalesce(e.as_of_precision, 'day'), e.counted_from, e.speaker, e.source, e.source_url, e.note,
               coalesce(e.uncertain, false), e.reported_on, e.corrects_id, coalesce(e.retracted, false),
               coalesce(e.synthetic, false)
        FROM entered e ORDER BY e.row_number, e.part
    )
    SELECT e.draft_id, e.fact_id,
           CASE WHEN e.region_code LIKE '__.__' THEN ARRAY[left(e.region_code, 2), e.region_code]
                ELSE array_remove(ARRAY[e.region_code], NULL) END
    FROM entered e
$$;
REVOKE EXECUTE ON FUNCTION register.apply_claims FROM PUBLIC;
