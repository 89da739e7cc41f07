-- Status follows from events, by the rule of gis/domain/lifecycle.py; a property test holds the two together.

CREATE FUNCTION register.stage_rank(kind text) RETURNS integer
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN CASE kind
        WHEN 'recorded' THEN 10 WHEN 'verified' THEN 20 WHEN 'socialised' THEN 30 WHEN 'postponed' THEN 35
        WHEN 'decreed' THEN 40 WHEN 'halted' THEN 45 WHEN 'closed' THEN 50 WHEN 'assisted' THEN 60
        WHEN 'repurposed' THEN 70 WHEN 'monitored' THEN 80 WHEN 'reactivated' THEN 90 WHEN 'sealed' THEN 95
        ELSE 0 END;

CREATE FUNCTION register.status_group(kind text) RETURNS text
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN CASE
        WHEN kind IN ('recorded', 'verified') THEN 'active'
        WHEN kind IN ('socialised', 'postponed', 'decreed', 'halted') THEN 'planned'
        WHEN kind IN ('closed', 'assisted', 'repurposed', 'monitored', 'sealed') THEN 'closed'
        WHEN kind = 'reactivated' THEN 'reactivated' END;

-- The events that count, each with the day on which it counts. An imprecise one counts from the last day of its
-- period, but no later than the day before an event of a later stage inside that period.
-- site_ids: null for all sites; known_at: null for today's belief.
CREATE FUNCTION register.effective_events(site_ids bigint[], known_at date)
    RETURNS TABLE (site_id bigint, id bigint, kind text, stage_rank integer, effective_on date,
                   recorded_at timestamptz)
    LANGUAGE sql STABLE PARALLEL SAFE
BEGIN ATOMIC
    WITH known AS (
        -- Two branches, of which one runs: an OR over both would read the whole log for one site.
        SELECT e.* FROM register.event e
        WHERE site_ids IS NULL
          AND e.known_on IS NOT NULL AND (known_at IS NULL OR e.known_on <= known_at)
        UNION ALL
        SELECT e.* FROM (SELECT DISTINCT u.id FROM unnest(site_ids) AS u(id)) asked
        JOIN register.event e ON e.site_id = asked.id
        WHERE e.known_on IS NOT NULL AND (known_at IS NULL OR e.known_on <= known_at)
    ), counting AS (
        SELECT k.site_id, k.id, k.kind, register.stage_rank(k.kind) AS stage_rank, k.recorded_at,
               k.date_precision <> 'day' AS imprecise,
               CASE k.date_precision WHEN 'day' THEN k.occurred_on
                    ELSE date_trunc(k.date_precision, k.occurred_on::timestamp)::date END AS first_day,
               CASE k.date_precision WHEN 'day' THEN k.occurred_on
                    WHEN 'month' THEN (date_trunc('month', k.occurred_on::timestamp) + interval '1 month -1 day')::date
                    ELSE (date_trunc('year', k.occurred_on::timestamp) + interval '1 year -1 day')::date
               END AS last_day
        FROM known k
        WHERE NOT k.planned AND k.kind <> 'retraction'
          AND NOT EXISTS (SELECT FROM known c WHERE c.corrects_id = k.id)
    ), cut AS (
        SELECT early.id, min(late.last_day) - 1 AS day
        FROM counting early
        JOIN counting late ON late.site_id = early.site_id AND late.stage_rank > early.stage_rank
             AND late.last_day BETWEEN early.first_day AND early.last_day
        WHERE early.imprecise AND early.stage_rank > 0
        GROUP BY early.id
    )
    SELECT c.site_id, c.id, c.kind, c.stage_rank, least(c.last_day, cut.day), c.recorded_at
    FROM counting c LEFT JOIN cut USING (id);
END;

-- Every state that a site was in, by day: the last event of a day decides.
CREATE FUNCTION register.derive_states(site_ids bigint[], known_at date)
    RETURNS SETOF register.site_state
    LANGUAGE sql STABLE PARALLEL SAFE
BEGIN ATOMIC
    WITH ordered AS (
        SELECT e.*, row_number() OVER by_site AS n, count(*) FILTER (WHERE e.stage_rank > 0) OVER by_site AS seq,
               max(e.recorded_at) OVER (PARTITION BY e.site_id) AS updated_at
        FROM register.effective_events(site_ids, known_at) e
        WINDOW by_site AS (PARTITION BY e.site_id ORDER BY e.effective_on, e.stage_rank, e.recorded_at, e.id)
    ), disputes AS (
        SELECT o.*,
               coalesce(max(o.n) FILTER (WHERE o.kind = 'disputed') OVER so_far, 0)
               > coalesce(max(o.n) FILTER (WHERE o.kind = 'verified') OVER so_far, 0) AS disputed
        FROM ordered o
        WINDOW so_far AS (PARTITION BY o.site_id ORDER BY o.n)
    ), steps AS (
        SELECT o.site_id, o.seq, o.n, o.kind, o.effective_on, register.status_group(o.kind) AS status_group,
               o.kind IS DISTINCT FROM lag(o.kind) OVER w AS new_status,
               register.status_group(o.kind) IS DISTINCT FROM lag(register.status_group(o.kind)) OVER w AS new_group
        FROM ordered o WHERE o.stage_rank > 0
        WINDOW w AS (PARTITION BY o.site_id ORDER BY o.n)
    ), runs AS (
        SELECT s.*, count(*) FILTER (WHERE s.new_status) OVER w AS status_run,
               count(*) FILTER (WHERE s.new_group) OVER w AS group_run
        FROM steps s WINDOW w AS (PARTITION BY s.site_id ORDER BY s.n)
    ), statuses AS (
        SELECT r.site_id, r.seq, r.kind AS status, r.status_group, r.effective_on AS last_event_on,
               min(r.effective_on) OVER (PARTITION BY r.site_id, r.status_run) AS status_since,
               CASE WHEN r.status_group = 'closed' THEN coalesce(
                   max(r.effective_on) FILTER (WHERE r.kind = 'closed')
                       OVER (PARTITION BY r.site_id, r.group_run ORDER BY r.n),
                   min(r.effective_on) OVER (PARTITION BY r.site_id, r.group_run)) END AS closed_on
        FROM runs r
    ), days AS (
        SELECT DISTINCT ON (d.site_id, d.effective_on) d.*
        FROM disputes d WHERE d.seq > 0
        ORDER BY d.site_id, d.effective_on, d.n DESC
    )
    SELECT d.site_id,
           daterange(d.effective_on, lead(d.effective_on) OVER (PARTITION BY d.site_id ORDER BY d.effective_on)),
           s.status, s.status_group, s.status_since, s.closed_on, d.disputed, s.last_event_on, d.updated_at
    FROM days d JOIN statuses s ON s.site_id = d.site_id AND s.seq = d.seq;
END;

-- What was believed of each site at the end of a day; today's belief is read from where it is kept ready.
CREATE FUNCTION register.states_at(as_of date, known_at date)
    RETURNS SETOF register.site_state
    LANGUAGE sql STABLE PARALLEL SAFE
BEGIN ATOMIC
    SELECT s.* FROM register.site_state s WHERE known_at IS NULL AND s.valid @> as_of
    UNION ALL
    SELECT d.* FROM register.derive_states(NULL, known_at) d WHERE known_at IS NOT NULL AND d.valid @> as_of;
END;

CREATE FUNCTION register.refresh_states(site_ids bigint[]) RETURNS void
    LANGUAGE sql SET search_path = pg_catalog, pg_temp
BEGIN ATOMIC
    DELETE FROM register.site_state s WHERE s.site_id = ANY (site_ids);
    INSERT INTO register.site_state SELECT * FROM register.derive_states(site_ids, NULL);
END;

-- In the writing transaction, for any writer. Sites are locked in one order first: two writers of one site would
-- otherwise each derive its states without the other's event.
CREATE FUNCTION register.event_after_write() RETURNS trigger
    LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    touched bigint[];
BEGIN
    PERFORM FROM register.site s
        WHERE s.id IN (SELECT w.site_id FROM written w) ORDER BY s.id FOR NO KEY UPDATE;
    touched := ARRAY(SELECT DISTINCT w.site_id FROM written w);
    IF touched <> '{}' THEN
        PERFORM register.refresh_states(touched);
    END IF;
    RETURN NULL;
END $$;

CREATE TRIGGER event_after_insert AFTER INSERT ON register.event
    REFERENCING NEW TABLE AS written FOR EACH STATEMENT EXECUTE FUNCTION register.event_after_write();
CREATE TRIGGER event_after_update AFTER UPDATE ON register.event
    REFERENCING NEW TABLE AS written FOR EACH STATEMENT EXECUTE FUNCTION register.event_after_write();

-- Append-only: the one change that a fact knows is its approval.
CREATE FUNCTION register.refuse_change() RETURNS trigger
    LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF TG_OP = 'UPDATE' AND OLD.approved_at IS NULL AND NEW.approved_at IS NOT NULL
       AND to_jsonb(NEW) - 'approved_at' - 'known_on' = to_jsonb(OLD) - 'approved_at' - 'known_on' THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION '% is append-only: enter a row that corrects this one', TG_TABLE_NAME
        USING ERRCODE = 'integrity_constraint_violation';
END $$;

CREATE TRIGGER event_append_only BEFORE UPDATE OR DELETE ON register.event
    FOR EACH ROW EXECUTE FUNCTION register.refuse_change();
CREATE TRIGGER headcount_append_only BEFORE UPDATE OR DELETE ON register.headcount
    FOR EACH ROW EXECUTE FUNCTION register.refuse_change();
CREATE TRIGGER event_no_truncate BEFORE TRUNCATE ON register.event
    FOR EACH STATEMENT EXECUTE FUNCTION register.refuse_change();
CREATE TRIGGER headcount_no_truncate BEFORE TRUNCATE ON register.headcount
    FOR EACH STATEMENT EXECUTE FUNCTION register.refuse_change();

-- A correction stays within its site.
CREATE FUNCTION register.event_check_correction() RETURNS trigger
    LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF NOT EXISTS (SELECT FROM register.event e WHERE e.id = NEW.corrects_id AND e.site_id = NEW.site_id) THEN
        RAISE EXCEPTION 'corrects_id %: there is no such earlier event of site %', NEW.corrects_id, NEW.site_id
            USING ERRCODE = 'foreign_key_violation', CONSTRAINT = 'event_corrects_own_site', COLUMN = 'corrects_id';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER event_correction BEFORE INSERT ON register.event
    FOR EACH ROW WHEN (NEW.corrects_id IS NOT NULL) EXECUTE FUNCTION register.event_check_correction();
