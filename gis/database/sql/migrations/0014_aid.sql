-- Aid, from those entitled to it over what was promised to what was paid; and numbers of people that can be corrected.

-- A headcount that turns out to be wrong is corrected by a later one, which replaces it or takes it back.
ALTER TABLE register.headcount
    ADD COLUMN corrects_id bigint REFERENCES register.headcount CHECK (corrects_id < id),
    ADD COLUMN retracted boolean NOT NULL DEFAULT false,  -- true: the corrected one counts no more, and nor does this
    ADD CHECK (corrects_id IS NOT NULL OR NOT retracted);
CREATE INDEX headcount_corrects_idx ON register.headcount (corrects_id) WHERE corrects_id IS NOT NULL;
CREATE INDEX headcount_region_code_idx ON register.headcount (region_code) WHERE region_code IS NOT NULL;

-- A correction stays within its site and its part of it: nobody corrects the people of another region.
CREATE FUNCTION register.headcount_check_correction() RETURNS trigger
    LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF NOT EXISTS (
        SELECT FROM register.headcount h JOIN register.site s ON s.id = h.site_id
        WHERE h.id = NEW.corrects_id AND h.site_id = NEW.site_id
          AND coalesce(h.region_code, s.regency_code, '') = coalesce(NEW.region_code, s.regency_code, '')) THEN
        RAISE EXCEPTION 'corrects_id: there is no such earlier headcount of this site and region'
            USING ERRCODE = 'foreign_key_violation', CONSTRAINT = 'headcount_corrects_own_place',
                  TABLE = 'headcount', COLUMN = 'corrects_id';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER headcount_correction BEFORE INSERT ON register.headcount
    FOR EACH ROW WHEN (NEW.corrects_id IS NOT NULL) EXECUTE FUNCTION register.headcount_check_correction();

-- As in 0006; a corrected count does not count once the correction is known, and a count without a region is one of
-- the site's primary regency, so that the two are not added to each other.
CREATE OR REPLACE FUNCTION register.people_at(as_of date, known_at date)
    RETURNS TABLE (site_id bigint, region_code text, n integer)
    LANGUAGE sql STABLE PARALLEL SAFE
BEGIN ATOMIC
    SELECT DISTINCT ON (h.site_id, coalesce(h.region_code, s.regency_code))
           h.site_id, coalesce(h.region_code, s.regency_code), h.n
    FROM register.headcount h
    JOIN register.site s ON s.id = h.site_id
    WHERE h.definition = 'resident' AND h.counted_on <= as_of AND NOT h.retracted
      AND h.known_on IS NOT NULL AND (known_at IS NULL OR h.known_on <= known_at)
      AND NOT EXISTS (SELECT FROM register.headcount c
                      WHERE c.corrects_id = h.id AND c.known_on IS NOT NULL
                        AND (known_at IS NULL OR c.known_on <= known_at))
    ORDER BY h.site_id, coalesce(h.region_code, s.regency_code), h.counted_on DESC, h.recorded_at DESC, h.id DESC;
END;

-- As in 0006, with the same two rules for people.
CREATE OR REPLACE FUNCTION register.site_features(as_of date, known_at date, regions_on date)
    RETURNS SETOF register.site_feature
    LANGUAGE sql STABLE PARALLEL SAFE
BEGIN ATOMIC
    SELECT s.id, s.name, s.site_type, st.status, st.status_group, st.status_since, st.closed_on,
           p.province_code, p.province_name, r.regency_code, r.regency_name,
           s.province_join_method, s.regency_join_method,
           coalesce(shared.region_codes, '{}'), s.location_accuracy,
           -- By site and not as a join: a few sites ask for a few counts, and who does not read it does not pay.
           (SELECT sum(latest.n) FROM (
                SELECT DISTINCT ON (coalesce(h.region_code, s.regency_code)) h.n FROM register.headcount h
                WHERE h.site_id = s.id AND h.definition = 'resident' AND h.counted_on <= as_of AND NOT h.retracted
                  AND h.known_on IS NOT NULL AND (known_at IS NULL OR h.known_on <= known_at)
                  AND NOT EXISTS (SELECT FROM register.headcount c
                                  WHERE c.corrects_id = h.id AND c.known_on IS NOT NULL
                                    AND (known_at IS NULL OR c.known_on <= known_at))
                ORDER BY coalesce(h.region_code, s.regency_code), h.counted_on DESC, h.recorded_at DESC,
                         h.id DESC) latest),
           s.synthetic, s.source_url,
           greatest(s.updated_at, st.updated_at), s.geom, st.disputed, st.last_event_on,
           coalesce(st.closed_on > as_of - interval '12 months', false)
    FROM register.site s
    JOIN register.states_at(as_of, known_at) st ON st.site_id = s.id
    LEFT JOIN register.places_at(regions_on) r ON r.regency_today = s.regency_code
    LEFT JOIN register.province_places_at(regions_on) p ON p.province_today = s.province_code
    LEFT JOIN register.shared_regions_at(regions_on) shared ON shared.site_id = s.id;
END;

-- Where a part of a region of today lay on a day: a regency with its province, or a province as a whole.
CREATE FUNCTION register.part_places_at(regions_on date)
    RETURNS TABLE (part_code text, province_code text, province_name text, regency_code text, regency_name text)
    LANGUAGE sql STABLE PARALLEL SAFE
BEGIN ATOMIC
    SELECT p.regency_today, p.province_code, p.province_name, p.regency_code, p.regency_name
    FROM register.place p WHERE p.valid @> regions_on
    UNION ALL
    SELECT p.province_today, p.province_code, p.province_name, NULL, NULL
    FROM register.place p WHERE p.for_province AND p.valid @> regions_on;
END;

-- The latest count of each definition at each part of each site that existed on a day: what may be added up within
-- one definition, and never across. part_code: the region of today that the people are counted for.
CREATE FUNCTION register.headcounts_at(as_of date, known_at date)
    RETURNS TABLE (uid bigint, site_id bigint, site_name text, site_type text, part_code text, definition text,
                   counted_on date, n integer, source text, source_url text, synthetic boolean)
    LANGUAGE sql STABLE PARALLEL SAFE
BEGIN ATOMIC
    SELECT DISTINCT ON (h.site_id, coalesce(h.region_code, s.regency_code, s.province_code), h.definition)
           h.uid, h.site_id, s.name, s.site_type, coalesce(h.region_code, s.regency_code, s.province_code),
           h.definition, h.counted_on, h.n, h.source, h.source_url, h.synthetic
    FROM register.headcount h
    JOIN register.site s ON s.id = h.site_id
    JOIN register.states_at(as_of, known_at) st ON st.site_id = s.id
    WHERE h.counted_on <= as_of AND NOT h.retracted
      AND h.known_on IS NOT NULL AND (known_at IS NULL OR h.known_on <= known_at)
      AND NOT EXISTS (SELECT FROM register.headcount c
                      WHERE c.corrects_id = h.id AND c.known_on IS NOT NULL
                        AND (known_at IS NULL OR c.known_on <= known_at))
    ORDER BY h.site_id, coalesce(h.region_code, s.regency_code, s.province_code), h.definition,
             h.counted_on DESC, h.recorded_at DESC, h.id DESC;
END;

-- The sites of which a part may lie in a region of a day, or was counted for it: what a question about one region
-- reads, instead of all. Null for no region, which is no filter.
CREATE FUNCTION register.counted_sites(region text, regions_on date) RETURNS bigint[]
    LANGUAGE sql STABLE PARALLEL SAFE
BEGIN ATOMIC
    WITH part AS (
        SELECT p.regency_today AS code FROM register.places_at(regions_on) p
        WHERE counted_sites.region IN (p.regency_code, p.province_code)
        UNION
        SELECT p.province_today FROM register.places_at(regions_on) p WHERE counted_sites.region = p.province_code
    )
    SELECT CASE WHEN counted_sites.region IS NOT NULL THEN coalesce(array_agg(found.site_id), '{}') END FROM (
        SELECT sr.site_id FROM register.site_region sr WHERE sr.region_code IN (SELECT code FROM part)
        UNION
        SELECT h.site_id FROM register.headcount h WHERE h.region_code IN (SELECT code FROM part)
    ) found;
END;

-- What a person was to get of a kind of aid in a time, as it was set: for items whose source does not say it.
CREATE TABLE register.aid_rate (
    aid_type      text NOT NULL CHECK (aid_type IN (
        'package', 'uep', 'jadup', 'tali_asih', 'transport', 'training', 'other')),
    amount_rupiah bigint NOT NULL CHECK (amount_rupiah BETWEEN 1 AND 1000000000),
    valid         daterange NOT NULL CHECK (NOT isempty(valid)),
    source        text NOT NULL,
    source_url    text,
    EXCLUDE USING gist (aid_type WITH =, valid WITH &&)
);
GRANT SELECT ON register.aid_rate TO atlas_app, atlas_national, atlas_scoped;

-- What somebody promised and paid, an item and a date a row. A later row of the same item (its place and its key)
-- says how far it is then. Amounts are whole rupiah a person; nothing here is ever a fraction.
CREATE TABLE register.aid (
    id            bigint PRIMARY KEY DEFAULT register.random_id(),
    external_id   text UNIQUE,
    item_key      text NOT NULL CHECK (length(item_key) BETWEEN 1 AND 200),
    aid_type      text NOT NULL CHECK (aid_type IN (
        'package', 'uep', 'jadup', 'tali_asih', 'transport', 'training', 'other')),
    payer         text NOT NULL CHECK (payer IN ('kemensos', 'province', 'regency', 'other', 'unstated')),
    payer_name    text,
    region_code   text,                    -- of today, a province or regency; of an item of a site: its part
    site_id       bigint REFERENCES register.site,
    amount_rupiah bigint CHECK (amount_rupiah BETWEEN 1 AND 1000000000),  -- a person; null: not said
    eligible_n    integer CHECK (eligible_n BETWEEN 0 AND 1000000),       -- as this source has it
    planned_n     integer NOT NULL CHECK (planned_n BETWEEN 0 AND 1000000),
    paid_n        integer NOT NULL CHECK (paid_n BETWEEN 0 AND planned_n),
    period_from   date NOT NULL,           -- the days in which it is to be paid, both included
    period_to     date NOT NULL CHECK (period_to >= period_from),
    stated_on     date NOT NULL,           -- the day on which the numbers were so
    source        text NOT NULL,
    source_url    text,
    note          text,
    synthetic     boolean NOT NULL DEFAULT false,
    corrects_id   bigint REFERENCES register.aid,
    retracted     boolean NOT NULL DEFAULT false,
    recorded_at   timestamptz NOT NULL DEFAULT now(),
    approved_at   timestamptz DEFAULT now(),
    reported_on   date,
    known_on      date GENERATED ALWAYS AS (CASE WHEN approved_at IS NOT NULL
        THEN coalesce(reported_on, (approved_at AT TIME ZONE 'Asia/Jakarta')::date) END) STORED,
    CHECK (corrects_id IS NOT NULL OR NOT retracted),
    CHECK (corrects_id <> id)
);
CREATE INDEX aid_site_idx ON register.aid (site_id) WHERE site_id IS NOT NULL;
CREATE INDEX aid_region_code_idx ON register.aid (region_code) WHERE region_code IS NOT NULL;
CREATE INDEX aid_corrects_idx ON register.aid (corrects_id) WHERE corrects_id IS NOT NULL;

CREATE TRIGGER aid_append_only BEFORE UPDATE OR DELETE ON register.aid
    FOR EACH ROW EXECUTE FUNCTION register.refuse_change();
CREATE TRIGGER aid_no_truncate BEFORE TRUNCATE ON register.aid
    FOR EACH STATEMENT EXECUTE FUNCTION register.refuse_change();

-- An item has its place: a region of today, and of a site one that the site lies in. A site in two regencies needs it
-- said, since each sees its own people only. A correction stays in its place.
CREATE FUNCTION register.aid_check_place() RETURNS trigger
    LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF NEW.region_code IS NOT NULL AND NOT EXISTS (
        SELECT FROM register.region r WHERE r.code = NEW.region_code AND upper_inf(r.valid)) THEN
        RAISE EXCEPTION 'region_code %: no Kemendagri code of a province or regency of today', NEW.region_code
            USING ERRCODE = 'check_violation', CONSTRAINT = 'aid_region_code_check',
                  TABLE = 'aid', COLUMN = 'region_code';
    END IF;
    IF NEW.site_id IS NOT NULL AND NOT EXISTS (
        SELECT FROM register.site s
        WHERE s.id = NEW.site_id
          AND CASE WHEN NEW.region_code IS NULL
                   THEN (SELECT count(*) FROM unnest(s.region_codes) c WHERE length(c) > 2) <= 1
                   ELSE NEW.region_code = ANY (s.region_codes) END) THEN
        RAISE EXCEPTION 'region_code: has to name the part of the site that the aid is for'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'aid_site_part_check',
                  TABLE = 'aid', COLUMN = 'region_code';
    END IF;
    IF NEW.corrects_id IS NOT NULL AND NOT EXISTS (
        SELECT FROM register.aid a
        WHERE a.id = NEW.corrects_id
          AND (a.site_id, a.region_code) IS NOT DISTINCT FROM (NEW.site_id, NEW.region_code)) THEN
        RAISE EXCEPTION 'corrects_id: there is no such record of aid of this site and region'
            USING ERRCODE = 'foreign_key_violation', CONSTRAINT = 'aid_corrects_own_place',
                  TABLE = 'aid', COLUMN = 'corrects_id';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER aid_place BEFORE INSERT ON register.aid
    FOR EACH ROW EXECUTE FUNCTION register.aid_check_place();

CALL register.guard('register.aid', $$
    CASE WHEN region_code IS NULL
         THEN EXISTS (SELECT FROM register.site s
                      WHERE s.id = site_id AND register.lies_in(coalesce(s.regency_code, s.province_code),
                                                                (SELECT register.current_scope())))
         ELSE register.lies_in(region_code, (SELECT register.current_scope())) END$$);
CALL register.keep_audit('register.aid');

-- Every item as it stood on a day, as known at another: its latest row that nothing known corrects.
-- amount_rupiah: as stated, else the rate of its kind at the start of its period; null where neither is known.
CREATE FUNCTION register.aid_at(as_of date, known_at date)
    RETURNS TABLE (id bigint, item_key text, aid_type text, payer text, payer_name text, part_code text,
                   site_id bigint, site_name text, amount_rupiah bigint, by_rate boolean, eligible_n integer,
                   planned_n integer, paid_n integer, period_from date, period_to date, stated_on date,
                   source text, source_url text, note text, synthetic boolean)
    LANGUAGE sql STABLE PARALLEL SAFE
BEGIN ATOMIC
    SELECT a.id, a.item_key, a.aid_type, a.payer, a.payer_name,
           coalesce(a.region_code, s.regency_code, s.province_code), a.site_id, s.name,
           coalesce(a.amount_rupiah, r.amount_rupiah), a.amount_rupiah IS NULL AND r.amount_rupiah IS NOT NULL,
           a.eligible_n, a.planned_n, a.paid_n, a.period_from, a.period_to, a.stated_on,
           a.source, a.source_url, a.note, a.synthetic
    FROM (
        SELECT DISTINCT ON (e.site_id, e.region_code, e.item_key) e.*
        FROM register.aid e
        WHERE e.stated_on <= as_of AND NOT e.retracted
          AND e.known_on IS NOT NULL AND (known_at IS NULL OR e.known_on <= known_at)
          AND NOT EXISTS (SELECT FROM register.aid c
                          WHERE c.corrects_id = e.id AND c.known_on IS NOT NULL
                            AND (known_at IS NULL OR c.known_on <= known_at))
        ORDER BY e.site_id, e.region_code, e.item_key, e.stated_on DESC, e.recorded_at DESC, e.id DESC
    ) a
    LEFT JOIN register.site s ON s.id = a.site_id
    LEFT JOIN register.aid_rate r ON r.aid_type = a.aid_type AND r.valid @> a.period_from;
END;

-- Aid and those entitled to it, by place: a site's part, or a region as a whole. Money adds up over kinds of aid.
-- People do not, since one person may get several: a place's promised and paid are those of the kind that reaches
-- most. definition: which count tells who is entitled; payer, aid_type: null for all; region, of the day regions_on:
-- nobody asks about places outside of it, so that not all counts are read; null for all.
CREATE FUNCTION register.aid_places_at(
    as_of date, known_at date, definition text, payer text, aid_type text, region text, regions_on date)
    RETURNS TABLE (part_code text, site_id bigint, eligible bigint, promised bigint, paid bigint,
                   promised_rupiah bigint, paid_rupiah bigint, unvalued bigint, synthetic boolean)
    LANGUAGE sql STABLE PARALLEL SAFE
BEGIN ATOMIC
    WITH by_type AS (
        SELECT i.site_id, i.part_code, i.aid_type, sum(i.planned_n) AS promised, sum(i.paid_n) AS paid,
               sum(i.planned_n * i.amount_rupiah) AS promised_rupiah, sum(i.paid_n * i.amount_rupiah) AS paid_rupiah,
               sum(i.planned_n) FILTER (WHERE i.amount_rupiah IS NULL) AS unvalued, bool_or(i.synthetic) AS synthetic
        FROM register.aid_at(as_of, known_at) i
        WHERE (aid_places_at.payer IS NULL OR i.payer = aid_places_at.payer)
          AND (aid_places_at.aid_type IS NULL OR i.aid_type = aid_places_at.aid_type)
        GROUP BY i.site_id, i.part_code, i.aid_type
    ), given AS (
        SELECT t.site_id, t.part_code, max(t.promised) AS promised, max(t.paid) AS paid,
               sum(t.promised_rupiah) AS promised_rupiah, sum(t.paid_rupiah) AS paid_rupiah,
               sum(t.unvalued) AS unvalued, bool_or(t.synthetic) AS synthetic
        FROM by_type t GROUP BY t.site_id, t.part_code
    ), counted AS (
        SELECT h.site_id, h.part_code, h.n, h.synthetic
        FROM register.headcounts_at(as_of, known_at) h
        WHERE h.definition = aid_places_at.definition
          AND (aid_places_at.region IS NULL
               OR h.site_id = ANY ((SELECT register.counted_sites(aid_places_at.region, regions_on))::bigint[]))
    )
    SELECT coalesce(g.part_code, c.part_code), coalesce(g.site_id, c.site_id), c.n, coalesce(g.promised, 0),
           coalesce(g.paid, 0), coalesce(g.promised_rupiah, 0), coalesce(g.paid_rupiah, 0), coalesce(g.unvalued, 0),
           coalesce(g.synthetic, c.synthetic)
    FROM given g
    FULL JOIN counted c ON c.site_id = g.site_id AND coalesce(c.part_code, '') = coalesce(g.part_code, '');
END;

GRANT EXECUTE ON FUNCTION register.part_places_at, register.headcounts_at, register.counted_sites, register.aid_at,
    register.aid_places_at
    TO atlas_app, atlas_national, atlas_scoped;

-- Makes rows of aid of drafts, in the order of the file, so that one may correct another that stands further up.
CREATE FUNCTION register.apply_aid(draft_ids bigint[])
    RETURNS TABLE (draft_id bigint, fact_id bigint, region_codes text[])
    LANGUAGE sql SET search_path = register, public, pg_temp
AS $$
    WITH entered AS MATERIALIZED (
        SELECT d.id AS draft_id, d.fact_id, d.row_number, d.part, c.*
        FROM draft d
        CROSS JOIN jsonb_to_record(d.content) AS c(
            external_id text, item_key text, aid_type text, payer text, payer_name text, region_code text,
            site_id bigint, amount_rupiah bigint, eligible_n integer, planned_n integer, paid_n integer,
            period_from date, period_to date, stated_on date, source text, source_url text, note text,
            reported_on date, synthetic boolean, corrects_id bigint, retracted boolean)
        WHERE d.id = ANY (draft_ids)
    ), made AS (
        INSERT INTO aid (id, external_id, item_key, aid_type, payer, payer_name, region_code, site_id, amount_rupiah,
                         eligible_n, planned_n, paid_n, period_from, period_to, stated_on, source, source_url, note,
                         reported_on, synthetic, corrects_id, retracted)
        SELECT e.fact_id, e.external_id, e.item_key, e.aid_type, e.payer, e.payer_name, e.region_code, e.site_id,
               e.amount_rupiah, e.eligible_n, e.planned_n, e.paid_n, e.period_from, e.period_to,
               e.stated_on, e.source, e.source_url, e.note, e.reported_on, coalesce(e.synthetic, false),
               e.corrects_id, coalesce(e.retracted, false)
        FROM entered e ORDER BY e.row_number, e.part
    )
    SELECT e.draft_id, e.fact_id,
           array_remove(CASE WHEN e.region_code IS NULL THEN ARRAY[s.province_code, s.regency_code]
                             ELSE ARRAY(SELECT DISTINCT unnest(ARRAY[left(e.region_code, 2), e.region_code])) END, NULL)
    FROM entered e LEFT JOIN site s ON s.id = e.site_id
$$;
INSERT INTO register.collection VALUES ('aid', 'aid', 70);

-- As in 0010, and a headcount may correct another one, which is stored or stands further up.
CREATE OR REPLACE FUNCTION register.apply_headcounts(draft_ids bigint[])
    RETURNS TABLE (draft_id bigint, fact_id bigint, region_codes text[])
    LANGUAGE sql SET search_path = register, public, pg_temp
AS $$
    WITH fresh AS MATERIALIZED (
        SELECT nextval(pg_get_serial_sequence('register.headcount', 'id')) AS id, o.*
        FROM (SELECT d.id AS draft_id, d.fact_id, d.row_number, d.part, c.*
              FROM draft d
              CROSS JOIN jsonb_to_record(d.content) AS c(
                  external_id text, site_id bigint, region_code text, counted_on date, n integer, definition text,
                  source text, source_url text, reported_on date, synthetic boolean, corrects_id bigint,
                  retracted boolean)
              WHERE d.id = ANY (draft_ids)
              ORDER BY d.row_number, d.part) o
    ), made AS (
        INSERT INTO headcount (id, uid, external_id, site_id, region_code, counted_on, n, definition, source,
                               source_url, reported_on, synthetic, corrects_id, retracted)
        SELECT f.id, f.fact_id, f.external_id, f.site_id, f.region_code, f.counted_on, f.n, f.definition, f.source,
               f.source_url, f.reported_on, coalesce(f.synthetic, false),
               CASE WHEN f.corrects_id IS NOT NULL THEN coalesce(  -- subqueries: see apply_events
                   (SELECT older.id FROM headcount older WHERE older.uid = f.corrects_id),
                   (SELECT earlier.id FROM fresh earlier WHERE earlier.fact_id = f.corrects_id), 0) END,
               coalesce(f.retracted, false)
        FROM fresh f
        ORDER BY f.id
    )
    SELECT f.draft_id, f.fact_id,
           array_remove(CASE WHEN f.region_code IS NULL THEN ARRAY[s.province_code, s.regency_code]
                             ELSE ARRAY[left(f.region_code, 2), f.region_code] END, NULL)
    FROM fresh f JOIN site s ON s.id = f.site_id
$$;
