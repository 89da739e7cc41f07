-- What is entered and not yet approved. Every entry, from a form or from a file of 100,000 rows, is a batch of drafts:
-- draft → submitted → returned or approved. Only approval writes facts, all of a batch or none of it, and nobody
-- approves his own. Scoped accounts cannot write facts at all, since row policies are checked before the join has
-- run (design decision 2): the functions below join, compare with the author's scope, and apply.

-- The kinds of record, in the order in which a batch is applied: events need their sites.
CREATE TABLE register.collection (
    name       text PRIMARY KEY CHECK (name ~ '^[a-z]+$'),
    table_name text NOT NULL UNIQUE,
    position   integer NOT NULL UNIQUE
);
GRANT SELECT ON register.collection TO atlas_app, atlas_national, atlas_scoped;
INSERT INTO register.collection VALUES ('sites', 'site', 10), ('events', 'event', 20), ('headcounts', 'headcount', 30);

CREATE TABLE register.batch (
    id              bigint PRIMARY KEY DEFAULT register.random_id(),
    collection      text NOT NULL REFERENCES register.collection,
    state           text NOT NULL DEFAULT 'draft' CHECK (state IN ('draft', 'submitted', 'returned', 'approved', 'withdrawn')),
    author_id       bigint REFERENCES register.account,  -- null: the operator
    author_name     text NOT NULL,
    author_scope    text,                  -- as it was at the entry; null: national
    sender          text,                  -- the agency whose file this is
    file_name       text,
    file_sha256     text CHECK (file_sha256 ~ '^[0-9a-f]{64}$'),
    idempotency_key text CHECK (length(idempotency_key) BETWEEN 1 AND 200),
    detail          jsonb NOT NULL DEFAULT '{}',         -- how the file was read: sheet, columns, CRS
    undoes_id       bigint REFERENCES register.batch,
    created_at      timestamptz NOT NULL DEFAULT now(),
    submitted_at    timestamptz,
    decided_at      timestamptz,
    decided_by_id   bigint REFERENCES register.account,
    decided_by      text,
    reason          text CHECK (length(reason) <= 2000), -- why it was returned
    receipt         jsonb,                 -- what was applied, in numbers; written with the facts
    CONSTRAINT batch_not_approved_by_author CHECK (decided_by_id <> author_id),
    CHECK ((state = 'approved') = (receipt IS NOT NULL))
);
CREATE INDEX batch_state_idx ON register.batch (state, created_at);
CREATE UNIQUE INDEX batch_undoes_idx ON register.batch (undoes_id) WHERE state <> 'withdrawn';
CREATE UNIQUE INDEX batch_idempotency_idx ON register.batch (coalesce(author_id, 0), idempotency_key)
    WHERE idempotency_key IS NOT NULL;

CREATE TABLE register.draft (
    id         bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    batch_id   bigint NOT NULL REFERENCES register.batch,
    row_number integer NOT NULL CHECK (row_number > 0),  -- as a person counts them in the file
    part       smallint NOT NULL DEFAULT 1,              -- a row may hold a site and its events
    collection text NOT NULL REFERENCES register.collection,
    content    jsonb,                      -- gis/domain/records; null where the row could not be read
    raw        jsonb,                      -- the row as it was sent, so that nothing is lost
    problems   jsonb,                      -- why it is refused; null: it is not
    outcome    text NOT NULL CHECK (outcome IN ('new', 'changed', 'same', 'refused')),
    fact_id    bigint NOT NULL DEFAULT register.random_id(),  -- the id that the fact bears, or shall bear
    based_on   timestamptz,                -- of a change: `updated_at` of the site that the author saw
    remarks    jsonb,                      -- what its author should look at: another region, a likely duplicate
    region_codes text[],                   -- of today, as the preview found them
    before     jsonb,                      -- of a change: what was there, for undoing; written by the approval
    UNIQUE (batch_id, row_number, part),
    CHECK ((outcome = 'refused') = (problems IS NOT NULL)),
    CHECK (outcome = 'refused' OR content IS NOT NULL)
);
CREATE INDEX draft_fact_idx ON register.draft (fact_id);
-- A batch that a correction or a merge touches is found by the site that its events belong to.
CREATE INDEX draft_site_idx ON register.draft ((content ->> 'site_id')) WHERE content ? 'site_id';

CALL register.guard('register.batch', $$
    author_id = (SELECT register.current_account_id()) OR author_scope = (SELECT register.current_scope())$$);
CALL register.guard('register.draft', $$EXISTS (SELECT FROM register.batch b WHERE b.id = batch_id)$$);

-- Whose drafts may still be changed: one's own, until they are submitted.
CREATE FUNCTION register.is_own_open_batch(batch_id bigint) RETURNS boolean
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
BEGIN ATOMIC
    SELECT EXISTS (
        SELECT FROM register.batch b
        WHERE b.id = is_own_open_batch.batch_id AND b.state IN ('draft', 'returned')
          AND b.author_id = register.current_account_id());
END;
GRANT EXECUTE ON FUNCTION register.is_own_open_batch TO atlas_national, atlas_scoped;
GRANT INSERT (batch_id, row_number, part, collection, content, raw, problems, outcome, fact_id, based_on, remarks),
      UPDATE (content, problems, outcome, fact_id, based_on, remarks, region_codes), DELETE
    ON register.draft TO atlas_national, atlas_scoped;
CREATE POLICY author_inserts ON register.draft FOR INSERT TO atlas_national, atlas_scoped
    WITH CHECK (register.is_own_open_batch(batch_id));
CREATE POLICY author_updates ON register.draft FOR UPDATE TO atlas_national, atlas_scoped
    USING (register.is_own_open_batch(batch_id)) WITH CHECK (register.is_own_open_batch(batch_id));
CREATE POLICY author_deletes ON register.draft FOR DELETE TO atlas_national, atlas_scoped
    USING (register.is_own_open_batch(batch_id));

-- Which column of a sender's files holds what: remembered, so that the next file needs no hand.
CREATE TABLE register.column_mapping (
    account_id bigint NOT NULL REFERENCES register.account,
    sender     text NOT NULL,
    collection text NOT NULL REFERENCES register.collection,
    mapping    jsonb NOT NULL,
    updated_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (account_id, sender, collection)
);
ALTER TABLE register.column_mapping ENABLE ROW LEVEL SECURITY;
ALTER TABLE register.column_mapping FORCE ROW LEVEL SECURITY;
CREATE POLICY owner ON register.column_mapping TO CURRENT_USER USING (true) WITH CHECK (true);
CREATE POLICY own ON register.column_mapping TO atlas_national, atlas_scoped
    USING (account_id = (SELECT register.current_account_id()))
    WITH CHECK (account_id = (SELECT register.current_account_id()));
GRANT SELECT, INSERT, UPDATE, DELETE ON register.column_mapping TO atlas_national, atlas_scoped;

-- Makes sites of drafts, or changes them. A site that changed since the author saw it is not overwritten.
-- Returns the regions that a site touches after, and of a change also before: a scope has to hold both.
CREATE FUNCTION register.apply_sites(draft_ids bigint[])
    RETURNS TABLE (draft_id bigint, fact_id bigint, region_codes text[])
    LANGUAGE plpgsql SET search_path = register, public, pg_temp AS $$
#variable_conflict use_column
DECLARE
    wrong record;
BEGIN
    PERFORM FROM site s
    WHERE s.id IN (SELECT (d.content ->> 'site_id')::bigint FROM draft d WHERE d.id = ANY (draft_ids))
    ORDER BY s.id FOR NO KEY UPDATE;

    SELECT d.row_number, s.id IS NULL AS absent INTO wrong
    FROM draft d LEFT JOIN site s ON s.id = (d.content ->> 'site_id')::bigint
    WHERE d.id = ANY (draft_ids) AND d.content ->> 'site_id' IS NOT NULL
      AND (s.id IS NULL OR s.updated_at > d.based_on)
    ORDER BY d.row_number LIMIT 1;
    IF FOUND THEN
        RAISE EXCEPTION 'row %: the site %', wrong.row_number,
            CASE WHEN wrong.absent THEN 'is not there' ELSE 'was changed by somebody else in the meantime' END
            USING ERRCODE = CASE WHEN wrong.absent THEN 'foreign_key_violation' ELSE 'unique_violation' END,
                  TABLE = 'draft', COLUMN = 'site_id', CONSTRAINT = 'draft_based_on_what_is_there';
    END IF;

    UPDATE draft d
    SET before = jsonb_build_object(
            'site_id', s.id, 'name', s.name, 'alternative_names', s.alternative_names, 'site_type', s.site_type,
            'wkt', ST_AsText(s.geom, 15), 'location_accuracy', s.location_accuracy,
            'location_source', s.location_source, 'source_crs', s.source_crs,
            'declared_region_codes', s.declared_region_codes, 'source_url', s.source_url, 'synthetic', s.synthetic,
            'region_codes', s.region_codes)
    FROM site s
    WHERE d.id = ANY (draft_ids) AND s.id = (d.content ->> 'site_id')::bigint;

    INSERT INTO site (id, name, alternative_names, site_type, geom, location_accuracy, location_source, source_crs,
                      declared_region_codes, source_url, synthetic)
    SELECT d.fact_id, c.name, coalesce(c.alternative_names, '{}'), c.site_type, ST_GeomFromText(c.wkt, 4326),
           c.location_accuracy, c.location_source, coalesce(c.source_crs, 'EPSG:4326'),
           coalesce(c.declared_region_codes, '{}'), c.source_url, coalesce(c.synthetic, false)
    FROM draft d
    CROSS JOIN jsonb_to_record(d.content) AS c(
        name text, alternative_names text[], site_type text, wkt text, location_accuracy text, location_source text,
        source_crs text, declared_region_codes text[], source_url text, synthetic boolean)
    WHERE d.id = ANY (draft_ids) AND d.content ->> 'site_id' IS NULL
    ORDER BY d.row_number, d.part;

    UPDATE site s
    SET name = c.name, alternative_names = coalesce(c.alternative_names, '{}'), site_type = c.site_type,
        geom = ST_GeomFromText(c.wkt, 4326), location_accuracy = c.location_accuracy,
        location_source = c.location_source, source_crs = coalesce(c.source_crs, 'EPSG:4326'),
        declared_region_codes = coalesce(c.declared_region_codes, '{}'), source_url = c.source_url,
        synthetic = coalesce(c.synthetic, false)
    FROM draft d
    CROSS JOIN jsonb_to_record(d.content) AS c(
        site_id bigint, name text, alternative_names text[], site_type text, wkt text, location_accuracy text,
        location_source text, source_crs text, declared_region_codes text[], source_url text, synthetic boolean)
    WHERE d.id = ANY (draft_ids) AND s.id = c.site_id;

    RETURN QUERY
        SELECT d.id, s.id,
               CASE WHEN d.before IS NULL THEN s.region_codes
                    ELSE ARRAY(SELECT unnest(s.region_codes)
                               INTERSECT SELECT jsonb_array_elements_text(d.before -> 'region_codes')) END
        FROM draft d
        JOIN site s ON s.id = coalesce((d.content ->> 'site_id')::bigint, d.fact_id)
        WHERE d.id = ANY (draft_ids);
END $$;

-- Makes events of drafts, in the order of the file: an entry's number is higher than that of the one it corrects,
-- which is stored or stands further up. One statement, so that the states of a site are derived once.
CREATE FUNCTION register.apply_events(draft_ids bigint[])
    RETURNS TABLE (draft_id bigint, fact_id bigint, region_codes text[])
    LANGUAGE sql SET search_path = register, public, pg_temp
AS $$
    WITH fresh AS MATERIALIZED (
        SELECT nextval(pg_get_serial_sequence('register.event', 'id')) AS id, o.*
        FROM (SELECT d.id AS draft_id, d.fact_id, d.row_number, d.part, c.*
              FROM draft d
              CROSS JOIN jsonb_to_record(d.content) AS c(
                  external_id text, site_id bigint, kind text, occurred_on date, date_precision text, planned boolean,
                  legal_instrument text, legal_number text, source text, source_url text, corrects_id bigint,
                  reported_on date, synthetic boolean, note text)
              WHERE d.id = ANY (draft_ids)
              ORDER BY d.row_number, d.part) o
    ), made AS (
        INSERT INTO event (id, uid, external_id, site_id, kind, occurred_on, date_precision, planned, legal_instrument,
                           legal_number, source, source_url, corrects_id, reported_on, synthetic, note)
        SELECT f.id, f.fact_id, f.external_id, f.site_id, f.kind, f.occurred_on, coalesce(f.date_precision, 'day'),
               coalesce(f.planned, false), f.legal_instrument, f.legal_number, f.source, f.source_url,
               -- Subqueries and not joins: few entries correct one, and a join of `fresh` with itself would be
               -- planned as a loop in a loop.
               CASE WHEN f.corrects_id IS NOT NULL THEN coalesce(
                   (SELECT older.id FROM event older WHERE older.uid = f.corrects_id),
                   (SELECT earlier.id FROM fresh earlier WHERE earlier.fact_id = f.corrects_id), 0) END,
               f.reported_on, coalesce(f.synthetic, false), f.note
        FROM fresh f
        ORDER BY f.id
    )
    SELECT f.draft_id, f.fact_id, s.region_codes FROM fresh f JOIN site s ON s.id = f.site_id
$$;

-- Makes headcounts of drafts, in the order of the file.
CREATE FUNCTION register.apply_headcounts(draft_ids bigint[])
    RETURNS TABLE (draft_id bigint, fact_id bigint, region_codes text[])
    LANGUAGE sql SET search_path = register, public, pg_temp
AS $$
    WITH entered AS MATERIALIZED (
        SELECT d.id AS draft_id, d.fact_id, d.row_number, d.part, c.*
        FROM draft d
        CROSS JOIN jsonb_to_record(d.content) AS c(
            external_id text, site_id bigint, region_code text, counted_on date, n integer, definition text,
            source text, source_url text, reported_on date, synthetic boolean)
        WHERE d.id = ANY (draft_ids)
    ), made AS (
        INSERT INTO headcount (uid, external_id, site_id, region_code, counted_on, n, definition, source, source_url,
                               reported_on, synthetic)
        SELECT e.fact_id, e.external_id, e.site_id, e.region_code, e.counted_on, e.n, e.definition, e.source,
               e.source_url, e.reported_on, coalesce(e.synthetic, false)
        FROM entered e ORDER BY e.row_number, e.part
    )
    SELECT e.draft_id, e.fact_id,
           array_remove(CASE WHEN e.region_code IS NULL THEN ARRAY[s.province_code, s.regency_code]
                             ELSE ARRAY[left(e.region_code, 2), e.region_code] END, NULL)
    FROM entered e JOIN site s ON s.id = e.site_id
$$;

-- Applies the drafts of a batch, a collection at a time; the regions that each fact belongs to come back.
CREATE FUNCTION register.apply_drafts(batch_id bigint)
    RETURNS TABLE (draft_id bigint, fact_id bigint, region_codes text[])
    LANGUAGE plpgsql SET search_path = register, public, pg_temp AS $$
DECLARE
    kind record;
BEGIN
    FOR kind IN
        SELECT c.name, array_agg(d.id ORDER BY d.row_number, d.part) AS ids
        FROM draft d JOIN collection c ON c.name = d.collection
        WHERE d.batch_id = apply_drafts.batch_id AND d.outcome IN ('new', 'changed')
        GROUP BY c.name, c.position ORDER BY c.position
    LOOP
        RETURN QUERY EXECUTE format('SELECT * FROM register.%I($1)', 'apply_' || kind.name) USING kind.ids;
    END LOOP;
END $$;

-- What came of each row of a batch: a row whose site is there and whose event is new is a change.
CREATE FUNCTION register.row_outcomes(batch_id bigint) RETURNS TABLE (row_number integer, outcome text)
    LANGUAGE sql STABLE SET search_path = register, public, pg_temp
BEGIN ATOMIC
    SELECT d.row_number,
           CASE WHEN bool_or(d.outcome = 'refused') THEN 'refused'
                WHEN bool_or(d.outcome = 'new' AND d.part = 1) THEN 'new'
                WHEN bool_or(d.outcome IN ('new', 'changed')) THEN 'changed'
                ELSE 'same' END
    FROM register.draft d
    WHERE d.batch_id = row_outcomes.batch_id
    GROUP BY d.row_number;
END;
GRANT EXECUTE ON FUNCTION register.row_outcomes TO atlas_national, atlas_scoped;

-- Writes the facts of a batch and its receipt. Called by approve_batch, and by the operator for what he imports.
CREATE FUNCTION register.apply_batch(batch_id bigint) RETURNS jsonb
    LANGUAGE plpgsql SET search_path = register, public, pg_temp AS $$
DECLARE
    wanted batch;
    acting_id bigint := register.current_account_id();
    outside record;
    written jsonb;
BEGIN
    SELECT * INTO STRICT wanted FROM batch b WHERE b.id = apply_batch.batch_id FOR UPDATE;
    PERFORM set_config('atlas.batch_id', wanted.id::text, true), set_config('atlas.author_name', wanted.author_name, true);

    CREATE TEMP TABLE applied ON COMMIT DROP AS SELECT * FROM register.apply_drafts(wanted.id);
    SELECT d.row_number INTO outside
    FROM applied a JOIN draft d ON d.id = a.draft_id
    WHERE wanted.author_scope IS NOT NULL AND NOT a.region_codes @> ARRAY[wanted.author_scope]
    ORDER BY d.row_number LIMIT 1;
    IF FOUND THEN
        RAISE EXCEPTION 'row %: lies outside of the region of the account that entered it', outside.row_number
            USING ERRCODE = 'check_violation', TABLE = 'draft', COLUMN = 'region', CONSTRAINT = 'draft_within_scope';
    END IF;

    SELECT jsonb_build_object(
        'batch_id', wanted.id::text, 'sha256', wanted.file_sha256,
        'rows', count(*),
        'new', count(*) FILTER (WHERE r.outcome = 'new'), 'changed', count(*) FILTER (WHERE r.outcome = 'changed'),
        'same', count(*) FILTER (WHERE r.outcome = 'same'), 'refused', count(*) FILTER (WHERE r.outcome = 'refused'))
    INTO written
    FROM register.row_outcomes(wanted.id) r;
    DROP TABLE applied;
    UPDATE batch b
    SET state = 'approved', receipt = written, decided_at = now(), decided_by_id = acting_id,
        decided_by = coalesce((SELECT a.name FROM account a WHERE a.id = acting_id), 'operator'), reason = NULL
    WHERE b.id = wanted.id;
    PERFORM set_config('atlas.batch_id', '', true), set_config('atlas.author_name', '', true);
    RETURN written;
END $$;

-- What an account calls. ------------------------------------------------------------------------------------------

-- Whether the session is the owner's, who works on the command line: the operator. He owns all of it, so what he
-- enters is applied at once; it is recorded as his.
CREATE FUNCTION register.is_operator() RETURNS boolean
    LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp
BEGIN ATOMIC
    SELECT register.current_account_id() IS NULL AND pg_has_role(session_user, n.nspowner, 'MEMBER')
    FROM pg_namespace n WHERE n.nspname = 'register';
END;

-- A new batch of whoever acts, or the one that he opened before with the same key.
CREATE FUNCTION register.open_batch(
    collection text, sender text, file_name text, file_sha256 text, idempotency_key text, detail jsonb,
    undoes_id bigint DEFAULT NULL)
    RETURNS bigint
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = register, public, pg_temp AS $$
#variable_conflict use_variable
DECLARE
    author account;
    opened bigint;
BEGIN
    SELECT * INTO author FROM account a WHERE a.id = register.current_account_id();
    IF NOT FOUND AND NOT register.is_operator() THEN
        RAISE EXCEPTION 'nobody is signed in' USING ERRCODE = 'insufficient_privilege';
    END IF;
    INSERT INTO batch (collection, author_id, author_name, author_scope, sender, file_name, file_sha256,
                       idempotency_key, detail, undoes_id)
    VALUES (collection, author.id, coalesce(author.name, 'operator'), author.region_code, sender, file_name, file_sha256, idempotency_key,
            coalesce(detail, '{}'), undoes_id)
    ON CONFLICT DO NOTHING
    RETURNING batch.id INTO opened;
    IF opened IS NULL THEN
        SELECT b.id INTO opened FROM batch b
        WHERE coalesce(b.author_id, 0) = coalesce(author.id, 0) AND b.idempotency_key = open_batch.idempotency_key;
        IF NOT FOUND THEN
            RAISE EXCEPTION 'the batch is being undone already' USING ERRCODE = 'unique_violation';
        END IF;
    END IF;
    RETURN opened;
END $$;

-- The batch of that number, locked, if whoever acts may know of it; to everybody else it is not there.
CREATE FUNCTION register.lock_batch(batch_id bigint) RETURNS register.batch
    LANGUAGE plpgsql SET search_path = register, public, pg_temp AS $$
DECLARE
    acting account;
    wanted batch;
BEGIN
    SELECT * INTO acting FROM account a WHERE a.id = register.current_account_id();
    SELECT * INTO wanted FROM batch b
    WHERE b.id = lock_batch.batch_id
      AND (acting.role IN ('planner', 'approver', 'admin') OR b.author_id = acting.id OR register.is_operator())
    FOR UPDATE;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'no such batch' USING ERRCODE = 'no_data_found';
    END IF;
    RETURN wanted;
END $$;

-- Refuses a step that the state of a batch does not allow.
CREATE FUNCTION register.expect_state(state text, allowed text[]) RETURNS void
    LANGUAGE plpgsql IMMUTABLE SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF state <> ALL (allowed) THEN
        RAISE EXCEPTION 'the batch is %, this needs %', state, array_to_string(allowed, ' or ')
            USING ERRCODE = 'object_not_in_prerequisite_state';
    END IF;
END $$;

-- The author hands a batch in.
CREATE FUNCTION register.submit_batch(batch_id bigint) RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = register, public, pg_temp AS $$
DECLARE
    wanted batch := register.lock_batch(batch_id);
BEGIN
    IF wanted.author_id IS DISTINCT FROM register.current_account_id() THEN
        RAISE EXCEPTION 'only its author hands a batch in' USING ERRCODE = 'insufficient_privilege';
    END IF;
    PERFORM register.expect_state(wanted.state, '{draft,returned}');
    IF NOT EXISTS (SELECT FROM draft d WHERE d.batch_id = wanted.id AND d.outcome IN ('new', 'changed')) THEN
        RAISE EXCEPTION 'the batch holds nothing new' USING ERRCODE = 'object_not_in_prerequisite_state';
    END IF;
    UPDATE batch b SET state = 'submitted', submitted_at = now(), reason = NULL WHERE b.id = wanted.id;
END $$;

-- The author takes a batch back for good; what was sent stays on record.
CREATE FUNCTION register.withdraw_batch(batch_id bigint) RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = register, public, pg_temp AS $$
DECLARE
    wanted batch := register.lock_batch(batch_id);
BEGIN
    IF wanted.author_id IS DISTINCT FROM register.current_account_id() THEN
        RAISE EXCEPTION 'only its author takes a batch back' USING ERRCODE = 'insufficient_privilege';
    END IF;
    PERFORM register.expect_state(wanted.state, '{draft,returned,submitted}');
    UPDATE batch b SET state = 'withdrawn' WHERE b.id = wanted.id;
END $$;

-- Whether whoever acts may decide over a batch: an approver, and not its author.
CREATE FUNCTION register.expect_other_approver(author_id bigint) RETURNS void
    LANGUAGE plpgsql STABLE SET search_path = register, public, pg_temp AS $$
BEGIN
    IF NOT EXISTS (SELECT FROM account a WHERE a.id = register.current_account_id() AND a.role = 'approver') THEN
        RAISE EXCEPTION 'only an approver decides over a batch' USING ERRCODE = 'insufficient_privilege';
    END IF;
    IF author_id = register.current_account_id() THEN
        RAISE EXCEPTION 'nobody approves his own entry' USING ERRCODE = 'insufficient_privilege';
    END IF;
END $$;

-- An approver sends a batch back, saying why.
CREATE FUNCTION register.return_batch(batch_id bigint, reason text) RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = register, public, pg_temp AS $$
DECLARE
    wanted batch := register.lock_batch(batch_id);
BEGIN
    PERFORM register.expect_other_approver(wanted.author_id);
    PERFORM register.expect_state(wanted.state, '{submitted}');
    IF coalesce(btrim(return_batch.reason), '') = '' THEN
        RAISE EXCEPTION 'a batch is returned with a reason' USING ERRCODE = 'check_violation', TABLE = 'batch',
            COLUMN = 'reason', CONSTRAINT = 'batch_returned_with_reason';
    END IF;
    UPDATE batch b
    SET state = 'returned', reason = return_batch.reason, decided_at = now(),
        decided_by_id = register.current_account_id(),
        decided_by = (SELECT a.name FROM account a WHERE a.id = register.current_account_id())
    WHERE b.id = wanted.id;
END $$;

-- An approver makes facts of a batch: all of it, or an error and nothing. Approving it again gives the same receipt.
CREATE FUNCTION register.approve_batch(batch_id bigint) RETURNS jsonb
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = register, public, pg_temp AS $$
DECLARE
    wanted batch := register.lock_batch(batch_id);
BEGIN
    PERFORM register.expect_other_approver(wanted.author_id);
    IF wanted.state = 'approved' THEN
        RETURN wanted.receipt;
    END IF;
    PERFORM register.expect_state(wanted.state, '{submitted}');
    RETURN register.apply_batch(wanted.id);
END $$;

-- What applying a batch would give: it is applied, looked at and rolled back, so that a preview is never a second rule.
CREATE FUNCTION register.preview_batch(batch_id bigint)
    RETURNS TABLE (draft_id bigint, region_codes text[], province_code text, regency_code text, within_scope boolean)
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = register, public, pg_temp AS $$
DECLARE
    wanted batch := register.lock_batch(batch_id);
    found jsonb;
BEGIN
    BEGIN
        -- Two statements: the second one sees the rows that the first has made.
        SELECT jsonb_agg(to_jsonb(applied)) INTO found FROM register.apply_drafts(wanted.id) applied;
        SELECT jsonb_agg(jsonb_build_array(r.v -> 'draft_id', r.v -> 'region_codes', s.province_code, s.regency_code))
        INTO found
        FROM jsonb_array_elements(found) AS r(v) LEFT JOIN site s ON s.id = (r.v -> 'fact_id')::bigint;
        RAISE EXCEPTION 'looked at' USING ERRCODE = 'AT001';
    EXCEPTION WHEN SQLSTATE 'AT001' THEN
        NULL;  -- the rollback of this block is what was wanted
    END;
    RETURN QUERY
        SELECT (r.v ->> 0)::bigint, codes.list, r.v ->> 2, r.v ->> 3,
               wanted.author_scope IS NULL OR codes.list @> ARRAY[wanted.author_scope]
        FROM jsonb_array_elements(found) AS r(v)
        CROSS JOIN LATERAL (SELECT ARRAY(SELECT jsonb_array_elements_text(r.v -> 1)) AS list) codes;
END $$;

REVOKE EXECUTE ON FUNCTION register.apply_sites, register.apply_events, register.apply_headcounts,
    register.apply_drafts, register.apply_batch, register.lock_batch, register.expect_other_approver,
    register.is_own_open_batch, register.open_batch, register.submit_batch, register.withdraw_batch,
    register.return_batch, register.approve_batch, register.preview_batch FROM PUBLIC;
GRANT EXECUTE ON FUNCTION register.open_batch, register.submit_batch, register.withdraw_batch, register.return_batch,
    register.approve_batch, register.preview_batch TO atlas_national, atlas_scoped;
CALL register.keep_audit('register.batch');
