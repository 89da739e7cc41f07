-- Plans to close (letters, decrees and other documents, beside the planned events of the log), visits to closed
-- sites, and sites that became active again. Whether a plan is overdue or a visit due is never stored: it follows.

CREATE TABLE register.plan (
    id                bigint PRIMARY KEY DEFAULT register.random_id(),
    external_id       text UNIQUE,
    kind              text NOT NULL CHECK (kind IN (
        'governor_letter', 'regent_letter', 'decree', 'by_law', 'circular', 'instruction', 'plan')),
    issuer            text NOT NULL CHECK (length(btrim(issuer)) BETWEEN 1 AND 200),
    number            text CHECK (length(number) BETWEEN 1 AND 200),
    dated             date NOT NULL CHECK (dated BETWEEN '1900-01-01' AND '2199-12-31'),
    dated_precision   text NOT NULL DEFAULT 'day' CHECK (dated_precision IN ('day', 'month', 'year')),
    text_reference    text CHECK (length(text_reference) BETWEEN 1 AND 200),  -- article, page
    -- What it is about: a site (and the part of it in a region), a region of today, or, without both, the nation.
    region_code       text CHECK (region_code ~ '^\d\d(\.\d\d)?$'),
    site_id           bigint REFERENCES register.site,
    planned_on        date CHECK (planned_on BETWEEN '1900-01-01' AND '2199-12-31'),  -- null: it names no date
    planned_precision text NOT NULL DEFAULT 'day' CHECK (planned_precision IN ('day', 'month', 'year')),
    replaces_id       bigint REFERENCES register.plan,  -- the document that this one replaces or withdraws
    source            text NOT NULL CHECK (length(source) BETWEEN 1 AND 2000),
    source_url        text CHECK (source_url ~ '^https://\S+$'),
    note              text CHECK (length(note) <= 2000),
    synthetic         boolean NOT NULL DEFAULT false,
    corrects_id       bigint REFERENCES register.plan,  -- the entry that this one mends: the same document
    retracted         boolean NOT NULL DEFAULT false,   -- mended by taking it back
    recorded_at       timestamptz NOT NULL DEFAULT now(),
    approved_at       timestamptz DEFAULT now(),
    reported_on       date,
    known_on          date GENERATED ALWAYS AS (CASE WHEN approved_at IS NOT NULL
        THEN coalesce(reported_on, (approved_at AT TIME ZONE 'Asia/Jakarta')::date) END) STORED,
    CONSTRAINT plan_retracts_something CHECK (NOT retracted OR corrects_id IS NOT NULL)
);
CREATE INDEX plan_site_idx ON register.plan (site_id) WHERE site_id IS NOT NULL;
CREATE INDEX plan_region_idx ON register.plan (region_code) WHERE region_code IS NOT NULL;
CREATE INDEX plan_corrects_idx ON register.plan (corrects_id) WHERE corrects_id IS NOT NULL;
CREATE INDEX plan_replaces_idx ON register.plan (replaces_id) WHERE replaces_id IS NOT NULL;
-- The few events that the functions below start from.
CREATE INDEX event_planned_idx ON register.event (site_id) WHERE planned;
CREATE INDEX event_monitored_idx ON register.event (site_id) WHERE kind = 'monitored';
CREATE INDEX event_reactivated_idx ON register.event (site_id) WHERE kind = 'reactivated';

-- A document about the whole nation is for national roles: what became of it could not be told from a part.
CALL register.guard('register.plan', $$
    CASE WHEN region_code IS NULL THEN EXISTS (SELECT FROM register.site s WHERE s.id = site_id)
         ELSE register.lies_in(region_code, (SELECT register.current_scope())) END$$);
CALL register.keep_audit('register.plan');

CREATE TRIGGER plan_append_only BEFORE UPDATE OR DELETE ON register.plan
    FOR EACH ROW EXECUTE FUNCTION register.refuse_change();
CREATE TRIGGER plan_no_truncate BEFORE TRUNCATE ON register.plan
    FOR EACH STATEMENT EXECUTE FUNCTION register.refuse_change();

-- A region is one of today, and touched by the site; what is mended or replaced stands already, so that there are
-- no circles.
CREATE FUNCTION register.plan_check() RETURNS trigger
    LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF NEW.region_code IS NOT NULL AND NOT EXISTS (
        SELECT FROM register.region r WHERE r.code = NEW.region_code AND upper_inf(r.valid)) THEN
        RAISE EXCEPTION '% is no Kemendagri code of a province or regency of today', NEW.region_code
            USING ERRCODE = 'check_violation', TABLE = 'plan', COLUMN = 'region_code',
                  CONSTRAINT = 'plan_region_of_today';
    END IF;
    IF NEW.region_code IS NOT NULL AND NEW.site_id IS NOT NULL AND NOT EXISTS (
        SELECT FROM register.site s WHERE s.id = NEW.site_id AND s.region_codes @> ARRAY[NEW.region_code]) THEN
        RAISE EXCEPTION 'the site does not lie in %', NEW.region_code
            USING ERRCODE = 'check_violation', TABLE = 'plan', COLUMN = 'region_code',
                  CONSTRAINT = 'plan_region_of_site';
    END IF;
    IF (NEW.corrects_id IS NOT NULL AND NOT EXISTS (SELECT FROM register.plan p WHERE p.id = NEW.corrects_id))
       OR (NEW.replaces_id IS NOT NULL AND NOT EXISTS (SELECT FROM register.plan p WHERE p.id = NEW.replaces_id)) THEN
        RAISE EXCEPTION 'there is no such earlier document'
            USING ERRCODE = 'foreign_key_violation', TABLE = 'plan', COLUMN = 'corrects_id',
                  CONSTRAINT = 'plan_corrects_earlier';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER plan_check BEFORE INSERT ON register.plan FOR EACH ROW EXECUTE FUNCTION register.plan_check();

CREATE FUNCTION register.period_start(day date, "precision" text) RETURNS date
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN CASE "precision" WHEN 'day' THEN day ELSE date_trunc("precision", day::timestamp)::date END;

CREATE FUNCTION register.period_end(day date, "precision" text) RETURNS date
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN CASE "precision" WHEN 'day' THEN day
                WHEN 'month' THEN (date_trunc('month', day::timestamp) + interval '1 month -1 day')::date
                ELSE (date_trunc('year', day::timestamp) + interval '1 year -1 day')::date END;

-- Every document, and every planned closing or postponement in the log that names a date, that stood at a day as it
-- was known at another. Of the dates that were stated for one site, region or the nation the newest counts; the
-- others are replaced by it. A planned event is left out where the document that it speaks of is on record.
CREATE FUNCTION register.promises_at(as_of date, known_at date)
    RETURNS TABLE (
        id bigint, kind text, issuer text, number text, dated date, dated_precision text, text_reference text,
        site_id bigint, region_code text, planned_on date, planned_precision text, due_on date, said_on date,
        source text, source_url text, note text, synthetic boolean, known_on date, replaced_by bigint)
    LANGUAGE sql STABLE PARALLEL SAFE
BEGIN ATOMIC
    WITH RECURSIVE known AS (
        SELECT p.* FROM register.plan p
        WHERE p.known_on IS NOT NULL AND (known_at IS NULL OR p.known_on <= known_at)
    ), chain AS (
        -- A document goes by its first entry, whatever mended that.
        SELECT k.id, k.id AS first_id FROM known k WHERE k.corrects_id IS NULL
        UNION ALL
        SELECT k.id, c.first_id FROM known k JOIN chain c ON c.id = k.corrects_id
    ), document AS (
        SELECT k.*, d.due_on,
               CASE WHEN d.due_on IS NULL OR k.dated_precision = 'day'
                    THEN register.period_end(k.dated, k.dated_precision)
                    ELSE greatest(register.period_start(k.dated, k.dated_precision),
                                  least(register.period_end(k.dated, k.dated_precision), d.due_on)) END AS said_on
        FROM known k
        CROSS JOIN LATERAL (SELECT register.period_end(k.planned_on, k.planned_precision) AS due_on) d
        WHERE NOT k.retracted AND NOT EXISTS (SELECT FROM known c WHERE c.corrects_id = k.id)
    ), planned AS (
        SELECT e.*, register.period_end(e.occurred_on, e.date_precision) AS due_on
        FROM register.event e
        WHERE e.planned AND e.kind IN ('closed', 'postponed')
          AND e.known_on IS NOT NULL AND (known_at IS NULL OR e.known_on <= known_at)
          AND NOT EXISTS (SELECT FROM register.event x WHERE x.corrects_id = e.id AND x.known_on IS NOT NULL
                          AND (known_at IS NULL OR x.known_on <= known_at))
    ), stood AS (
        SELECT d.id, d.kind, d.issuer, d.number, d.dated, d.dated_precision, d.text_reference, d.site_id,
               d.region_code, d.planned_on, d.planned_precision, d.due_on, d.said_on, d.source, d.source_url, d.note,
               d.synthetic, d.known_on, d.recorded_at, true AS is_document
        FROM document d WHERE d.said_on <= as_of
        UNION ALL
        -- When it was said is not on record: by the day from which it was known, and before the day that it names.
        SELECT e.uid, 'event', e.legal_instrument, e.legal_number, NULL, NULL, NULL, e.site_id,
               NULL, e.occurred_on, e.date_precision, e.due_on, least(e.known_on, e.due_on), e.source, e.source_url,
               e.note, e.synthetic, e.known_on, e.recorded_at, false
        FROM planned e
        WHERE least(e.known_on, e.due_on) <= as_of
          AND NOT EXISTS (SELECT FROM document d WHERE d.site_id = e.site_id AND d.number = e.legal_number
                          AND d.planned_on IS NOT NULL AND d.said_on <= as_of)
    ), ordered AS (
        SELECT s.*, CASE WHEN s.due_on IS NOT NULL THEN lag(s.id) OVER (
                   PARTITION BY s.due_on IS NULL, s.site_id, CASE WHEN s.site_id IS NULL THEN s.region_code END
                   ORDER BY s.said_on DESC, s.is_document DESC, s.recorded_at DESC, s.id DESC) END AS newer_id
        FROM stood s
    )
    SELECT o.id, o.kind, o.issuer, o.number, o.dated, o.dated_precision, o.text_reference, o.site_id, o.region_code,
           o.planned_on, o.planned_precision, o.due_on, o.said_on, o.source, o.source_url, o.note, o.synthetic,
           o.known_on,
           coalesce((SELECT d.id FROM document d
                     JOIN chain of_replaced ON of_replaced.id = d.replaces_id
                     JOIN chain own ON own.id = o.id AND own.first_id = of_replaced.first_id
                     WHERE d.said_on <= as_of ORDER BY d.said_on DESC, d.id LIMIT 1), o.newer_id)
    FROM ordered o;
END;

-- The same, of some ids (null: all), with what became of each by the end of the day; the rule of gis/domain/plans.py.
CREATE FUNCTION register.plans_at(ids bigint[], as_of date, known_at date)
    RETURNS TABLE (
        id bigint, kind text, issuer text, number text, dated date, dated_precision text, text_reference text,
        site_id bigint, region_code text, planned_on date, planned_precision text, due_on date, said_on date,
        source text, source_url text, note text, synthetic boolean, known_on date, replaced_by bigint,
        state text, sites bigint, open bigint, fulfilled_on date, days integer)
    LANGUAGE sql STABLE PARALLEL SAFE
BEGIN ATOMIC
    WITH promise AS MATERIALIZED (
        SELECT p.* FROM register.promises_at(as_of, known_at) p WHERE ids IS NULL OR p.id = ANY (ids)
    ), target AS MATERIALIZED (
        SELECT p.id, p.site_id FROM promise p
        WHERE p.due_on IS NOT NULL AND p.replaced_by IS NULL AND p.site_id IS NOT NULL
        UNION ALL
        SELECT p.id, s.id FROM promise p
        JOIN register.site s ON s.site_type = 'lokalisasi'
             AND (p.region_code IS NULL OR p.region_code IN (s.province_code, s.regency_code))
        WHERE p.due_on IS NOT NULL AND p.replaced_by IS NULL AND p.site_id IS NULL
    ), asked AS MATERIALIZED (
        SELECT DISTINCT t.site_id FROM target t
    ), state AS (
        SELECT s.site_id, lower(s.valid) AS since, s.status_group = 'closed' AS closed
        FROM asked a JOIN register.site_state s ON s.site_id = a.site_id
        WHERE known_at IS NULL AND lower(s.valid) <= as_of
        UNION ALL
        SELECT d.site_id, lower(d.valid), d.status_group = 'closed'
        FROM register.derive_states((SELECT coalesce(array_agg(a.site_id), '{}') FROM asked a), known_at) d
        WHERE known_at IS NOT NULL AND lower(d.valid) <= as_of
    ), turn AS (
        SELECT s.*, s.closed IS DISTINCT FROM lag(s.closed) OVER (PARTITION BY s.site_id ORDER BY s.since) AS turns
        FROM state s
    ), spell AS MATERIALIZED (
        SELECT t.site_id, t.since, t.closed,
               lead(t.since) OVER (PARTITION BY t.site_id ORDER BY t.since) AS until
        FROM turn t WHERE t.turns
    ), judged AS (
        SELECT p.id, s.site_id,
               bool_or(NOT s.closed AND s.until IS NULL) AS open,
               max(s.since) FILTER (WHERE NOT s.closed AND s.until IS NULL) AS open_since,
               min(s.since) FILTER (WHERE s.closed AND (s.until IS NULL OR s.until > p.said_on)) AS kept_on
        FROM promise p JOIN target t ON t.id = p.id JOIN spell s ON s.site_id = t.site_id
        GROUP BY p.id, s.site_id
    ), summed AS (
        SELECT p.id, count(*) AS sites, count(*) FILTER (WHERE j.open) AS open, max(j.kept_on) AS kept_on,
               min(greatest(p.due_on, j.open_since - 1)) FILTER (WHERE j.open) AS late_since
        FROM judged j JOIN promise p ON p.id = j.id
        GROUP BY p.id
    )
    SELECT p.id, p.kind, p.issuer, p.number, p.dated, p.dated_precision, p.text_reference, p.site_id, p.region_code,
           p.planned_on, p.planned_precision, p.due_on, p.said_on, p.source, p.source_url, p.note, p.synthetic,
           p.known_on, p.replaced_by,
           CASE WHEN p.replaced_by IS NOT NULL THEN 'replaced'
                WHEN p.due_on IS NULL THEN 'undated'
                WHEN j.open > 0 AND p.due_on < as_of THEN 'overdue'
                WHEN j.open > 0 THEN 'coming'
                WHEN j.sites > 0 THEN 'fulfilled'
                WHEN p.due_on < as_of THEN 'no_sites'
                ELSE 'coming' END,
           coalesce(j.sites, 0), coalesce(j.open, 0),
           CASE WHEN j.open = 0 THEN j.kept_on END,
           CASE WHEN p.replaced_by IS NOT NULL OR p.due_on IS NULL THEN NULL
                WHEN j.open > 0 AND p.due_on < as_of THEN as_of - j.late_since
                WHEN j.open > 0 THEN as_of - p.due_on
                WHEN j.sites > 0 THEN j.kept_on - p.due_on
                WHEN p.due_on >= as_of THEN as_of - p.due_on END
    FROM promise p LEFT JOIN summed j ON j.id = p.id;
END;

-- The visits of sites (null: of all) that are closed at the end of a day; the rule of gis/domain/monitoring.py, which
-- gives the years and the tolerance.
CREATE FUNCTION register.visits_at(
    site_ids bigint[], as_of date, known_at date, years integer[], tolerance_days integer)
    RETURNS TABLE (site_id bigint, closed_on date, year integer, due_on date, state text, done_on date, days integer)
    LANGUAGE sql STABLE PARALLEL SAFE
BEGIN ATOMIC
    WITH closed AS MATERIALIZED (
        -- Branches of which one runs: an OR over them would read all sites for one.
        SELECT s.site_id, s.closed_on FROM register.site_state s
        WHERE known_at IS NULL AND site_ids IS NULL AND s.valid @> as_of AND s.status_group = 'closed'
        UNION ALL
        SELECT s.site_id, s.closed_on
        FROM (SELECT DISTINCT u.id FROM unnest(site_ids) AS u(id)) asked
        JOIN register.site_state s ON s.site_id = asked.id
        WHERE known_at IS NULL AND s.valid @> as_of AND s.status_group = 'closed'
        UNION ALL
        SELECT d.site_id, d.closed_on FROM register.derive_states(site_ids, known_at) d
        WHERE known_at IS NOT NULL AND d.valid @> as_of AND d.status_group = 'closed'
    ), made AS MATERIALIZED (
        SELECT e.site_id, e.effective_on
        FROM register.effective_events(
            (SELECT coalesce(array_agg(DISTINCT m.site_id), '{}')
             FROM register.event m JOIN closed c ON c.site_id = m.site_id WHERE m.kind = 'monitored'),
            known_at) e
        WHERE e.kind = 'monitored' AND e.effective_on <= as_of
    ), wanted AS (
        SELECT c.site_id, c.closed_on, y.year, (c.closed_on + make_interval(years => y.year))::date AS due_on
        FROM closed c CROSS JOIN unnest(years) AS y(year)
    ), answered AS (
        SELECT w.site_id, w.closed_on, w.year, w.due_on, min(m.effective_on) AS done_on
        FROM wanted w
        LEFT JOIN made m ON m.site_id = w.site_id AND m.effective_on >= w.due_on - tolerance_days
        GROUP BY w.site_id, w.closed_on, w.year, w.due_on
    )
    SELECT a.site_id, a.closed_on, a.year, a.due_on,
           CASE WHEN a.done_on IS NOT NULL THEN 'done'
                WHEN a.due_on < as_of THEN 'overdue'
                WHEN a.due_on - tolerance_days <= as_of THEN 'due'
                ELSE 'coming' END,
           a.done_on, coalesce(a.done_on, as_of) - a.due_on
    FROM answered a;
END;

-- Each time that a site that had been closed became active again, up to a day, with what it is at the end of it.
CREATE FUNCTION register.reactivations_at(as_of date, known_at date)
    RETURNS TABLE (site_id bigint, reactivated_on date, status text, status_group text)
    LANGUAGE sql STABLE PARALLEL SAFE
BEGIN ATOMIC
    WITH asked AS MATERIALIZED (
        SELECT DISTINCT e.site_id FROM register.event e WHERE e.kind = 'reactivated'
    ), state AS (
        SELECT s.* FROM asked a JOIN register.site_state s ON s.site_id = a.site_id
        WHERE known_at IS NULL AND lower(s.valid) <= as_of
        UNION ALL
        SELECT d.* FROM register.derive_states((SELECT coalesce(array_agg(a.site_id), '{}') FROM asked a), known_at) d
        WHERE known_at IS NOT NULL AND lower(d.valid) <= as_of
    ), step AS (
        SELECT s.site_id, lower(s.valid) AS since, s.status_group,
               lag(s.status_group) OVER w AS group_before,
               bool_or(s.status_group = 'closed') OVER w AS was_closed,
               last_value(s.status) OVER whole AS status_now, last_value(s.status_group) OVER whole AS group_now
        FROM state s
        WINDOW w AS (PARTITION BY s.site_id ORDER BY lower(s.valid)),
               whole AS (PARTITION BY s.site_id ORDER BY lower(s.valid)
                         ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING)
    )
    SELECT s.site_id, s.since, s.status_now, s.group_now
    FROM step s
    WHERE s.status_group = 'reactivated' AND s.group_before IS DISTINCT FROM 'reactivated' AND s.was_closed;
END;

GRANT EXECUTE ON FUNCTION register.period_start, register.period_end, register.promises_at, register.plans_at,
    register.visits_at, register.reactivations_at TO atlas_app, atlas_national, atlas_scoped;

-- The regions of today that a document belongs to; none for one about the nation.
CREATE FUNCTION register.plan_regions(region_code text, site_id bigint) RETURNS text[]
    LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp
BEGIN ATOMIC
    SELECT CASE WHEN plan_regions.region_code IS NOT NULL
                THEN ARRAY[left(plan_regions.region_code, 2)]
                     || CASE WHEN length(plan_regions.region_code) > 2 THEN ARRAY[plan_regions.region_code] ELSE '{}' END
                ELSE coalesce((SELECT s.region_codes FROM register.site s WHERE s.id = plan_regions.site_id), '{}') END;
END;

-- Makes plans of drafts, in the order of the file. A document that mends or replaces another belongs to the regions
-- that both belong to, since a scope has to hold both.
INSERT INTO register.collection VALUES ('plans', 'plan', 50);
CREATE FUNCTION register.apply_plans(draft_ids bigint[])
    RETURNS TABLE (draft_id bigint, fact_id bigint, region_codes text[])
    LANGUAGE sql SET search_path = register, public, pg_temp
AS $$
    WITH entered AS MATERIALIZED (
        SELECT d.id AS draft_id, d.fact_id, d.row_number, d.part, c.*
        FROM draft d
        CROSS JOIN jsonb_to_record(d.content) AS c(
            external_id text, kind text, issuer text, number text, dated date, dated_precision text,
            text_reference text, region_code text, site_id bigint, planned_on date, planned_precision text,
            replaces_id bigint, source text, source_url text, note text, synthetic boolean, corrects_id bigint,
            retracted boolean)
        WHERE d.id = ANY (draft_ids)
    ), made AS (
        INSERT INTO plan (id, external_id, kind, issuer, number, dated, dated_precision, text_reference, region_code,
                          site_id, planned_on, planned_precision, replaces_id, source, source_url, note, synthetic,
                          corrects_id, retracted)
        SELECT e.fact_id, e.external_id, e.kind, e.issuer, e.number, e.dated, coalesce(e.dated_precision, 'day'),
               e.text_reference, e.region_code, e.site_id, e.planned_on, coalesce(e.planned_precision, 'day'),
               e.replaces_id, e.source, e.source_url, e.note, coalesce(e.synthetic, false), e.corrects_id,
               coalesce(e.retracted, false)
        FROM entered e ORDER BY e.row_number, e.part
    )
    SELECT e.draft_id, e.fact_id,
           ARRAY(SELECT o.code FROM unnest(register.plan_regions(e.region_code, e.site_id)) AS o(code)
                 WHERE NOT EXISTS (
                     SELECT FROM plan p
                     WHERE p.id IN (e.corrects_id, e.replaces_id)
                       AND NOT register.plan_regions(p.region_code, p.site_id) @> ARRAY[o.code]))
    FROM entered e
$$;
REVOKE EXECUTE ON FUNCTION register.apply_plans, register.plan_regions, register.plan_check FROM PUBLIC;
