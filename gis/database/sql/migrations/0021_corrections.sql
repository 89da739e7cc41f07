-- Corrections stand in chains of which the last one counts: what is corrected is not corrected twice, and a batch is
-- undone at the end of the chains that it began. Senders' keys of scoped accounts stay among themselves.

-- What a fact says, as it is compared with another one: without its ids, its times and what it corrects.
CREATE FUNCTION register.said_by(fact jsonb) RETURNS jsonb
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN fact - '{id,uid,centre_id,external_id,corrects_id,recorded_at,approved_at,reported_on,known_on,holds_on}'::text[];

-- Whether a fact takes back another one and says nothing itself.
CREATE FUNCTION register.withdraws(fact jsonb) RETURNS boolean
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN coalesce((fact ->> 'retracted')::boolean, false) OR coalesce(fact ->> 'kind' = 'retraction', false);

-- By which column drafts name the facts of a collection: rows of a numbered log by their uid.
CREATE FUNCTION register.fact_key(collection text) RETURNS text
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN CASE WHEN collection IN ('events', 'headcounts') THEN 'uid' ELSE 'id' END;

-- What has become of the facts of approved batches (one, or null for all; likewise of a collection), of those batches
-- that whoever acts may know of: the fact at the end of the chain, whether it says the same, whether it takes back,
-- the batch that wrote it where it is another fact, and whether the fact itself corrects a retraction. Of the owner, since a scoped account may
-- not see what it entered itself, such as numbers of people in a centre; it tells ids, and yes or no.
CREATE FUNCTION register.fact_ends(of_batch bigint, of_collection text)
    RETURNS TABLE (fact_id bigint, end_id bigint, stands boolean, is_withdrawn boolean, ended_by bigint,
                   corrects_withdrawal boolean)
    LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = register, public, pg_temp AS $$
DECLARE
    acting account;
    sees_all boolean;
    kind record;
BEGIN
    SELECT * INTO acting FROM account a WHERE a.id = register.current_account_id();
    sees_all := register.is_operator() OR coalesce(acting.role IN ('planner', 'approver', 'admin'), false);
    FOR kind IN
        SELECT c.name, c.table_name FROM collection c
        WHERE c.name <> 'sites' AND (of_collection IS NULL OR c.name = of_collection)
    LOOP
        RETURN QUERY EXECUTE format($of_kind$
            WITH RECURSIVE written AS MATERIALIZED (
                SELECT d.fact_id FROM draft d JOIN batch b ON b.id = d.batch_id
                WHERE b.state = 'approved' AND ($1 IS NULL OR b.id = $1)
                  AND d.collection = $2 AND d.outcome IN ('new', 'changed')
                  AND ($4 OR b.author_id = $3.id OR b.author_scope = $3.region_code)
            ), walk AS (
                SELECT f.id AS first_id, f.id AS row_id, 0 AS steps
                FROM written w JOIN %1$I f ON f.%2$I = w.fact_id
                UNION ALL
                SELECT w.first_id, f.id, w.steps + 1 FROM walk w JOIN %1$I f ON f.corrects_id = w.row_id
            ), chain AS MATERIALIZED (
                SELECT DISTINCT ON (w.first_id) w.first_id, w.row_id AS last_id FROM walk w
                ORDER BY w.first_id, w.steps DESC, w.row_id DESC
            )
            SELECT f.%2$I, l.%2$I,
                   CASE WHEN c.last_id = c.first_id THEN true
                        WHEN register.withdraws(to_jsonb(f)) OR register.withdraws(to_jsonb(l))
                        THEN register.withdraws(to_jsonb(f)) AND register.withdraws(to_jsonb(l))
                        ELSE register.said_by(to_jsonb(f)) = register.said_by(to_jsonb(l)) END,
                   register.withdraws(to_jsonb(l)),
                   -- By the fact alone, as its index has it, and not by all drafts of each batch.
                   CASE WHEN c.last_id <> c.first_id THEN
                       (SELECT d.batch_id FROM draft d
                        WHERE d.fact_id = l.%2$I AND d.collection = $2 AND d.outcome IN ('new', 'changed')
                          AND (SELECT b.state FROM batch b WHERE b.id = d.batch_id) = 'approved' LIMIT 1) END,
                   coalesce((SELECT register.withdraws(to_jsonb(e)) FROM %1$I e WHERE e.id = f.corrects_id), false)
            FROM chain c JOIN %1$I f ON f.id = c.first_id JOIN %1$I l ON l.id = c.last_id
            $of_kind$, kind.table_name, register.fact_key(kind.name)) USING of_batch, kind.name, acting, sees_all;
    END LOOP;
END $$;
REVOKE EXECUTE ON FUNCTION register.fact_ends FROM PUBLIC;
GRANT EXECUTE ON FUNCTION register.fact_ends TO atlas_national, atlas_scoped;

-- Refuses drafts that correct what is corrected already, in the register or by another row.
CREATE FUNCTION register.refuse_second_corrections(draft_ids bigint[], table_name text, key text) RETURNS void
    LANGUAGE plpgsql SET search_path = register, public, pg_temp AS $$
DECLARE
    wrong integer;
BEGIN
    IF NOT EXISTS (SELECT FROM draft d WHERE d.id = ANY (draft_ids) AND d.content ->> 'corrects_id' IS NOT NULL) THEN
        RETURN;
    END IF;
    IF table_name <> 'centre_entry' THEN  -- a view; the table below it has a unique constraint
        EXECUTE format($wanted$
            SELECT FROM %1$I f
            WHERE f.%2$I IN (SELECT (d.content ->> 'corrects_id')::bigint FROM draft d WHERE d.id = ANY ($1))
            ORDER BY f.id FOR NO KEY UPDATE
            $wanted$, table_name, key) USING draft_ids;
    END IF;
    EXECUTE format($wrong$
        SELECT min(c.row_number) FROM (
            SELECT d.row_number, (d.content ->> 'corrects_id')::bigint AS corrects_id,
                   count(*) OVER (PARTITION BY d.content ->> 'corrects_id') AS n
            FROM draft d WHERE d.id = ANY ($1) AND d.content ->> 'corrects_id' IS NOT NULL) c
        WHERE c.n > 1 OR EXISTS (SELECT FROM %1$I f JOIN %1$I later ON later.corrects_id = f.id
                                 WHERE f.%2$I = c.corrects_id)
        $wrong$, table_name, key) INTO wrong USING draft_ids;
    IF wrong IS NOT NULL THEN
        RAISE EXCEPTION 'row %: what it corrects was corrected by another entry in the meantime', wrong
            USING ERRCODE = 'unique_violation', TABLE = 'draft', COLUMN = 'corrects_id',
                  CONSTRAINT = 'draft_corrects_what_stands';
    END IF;
END $$;

-- Fills drafts that say no more than which fact they repeat (those that undo) with what it says; what they had said
-- comes back, by draft. A fact is repeated at the end of its own chain alone, so that nobody copies what he may not see.
CREATE FUNCTION register.fill_repeats(draft_ids bigint[], collection text, table_name text, key text) RETURNS jsonb
    LANGUAGE plpgsql SET search_path = register, public, pg_temp AS $$
DECLARE
    wrong integer;
    told jsonb;
BEGIN
    SELECT jsonb_object_agg(d.id, d.content) INTO told
    FROM draft d WHERE d.id = ANY (draft_ids) AND d.content ->> 'repeats_id' IS NOT NULL;
    IF told IS NULL THEN
        RETURN '{}';
    END IF;
    EXECUTE format($wrong$
        WITH RECURSIVE walk AS (
            SELECT d.id AS draft_id, f.id AS row_id, f.%2$I = (d.content ->> 'corrects_id')::bigint AS is_there
            FROM draft d JOIN %1$I f ON f.%2$I = (d.content ->> 'repeats_id')::bigint
            WHERE d.id = ANY ($1)
            UNION ALL
            SELECT w.draft_id, f.id, f.%2$I = (d.content ->> 'corrects_id')::bigint
            FROM walk w JOIN %1$I f ON f.corrects_id = w.row_id JOIN draft d ON d.id = w.draft_id
        )
        SELECT min(d.row_number)
        FROM draft d
        JOIN batch b ON b.id = d.batch_id
        LEFT JOIN (SELECT DISTINCT w.draft_id FROM walk w WHERE w.is_there) own ON own.draft_id = d.id
        WHERE d.id = ANY ($1) AND d.content ->> 'repeats_id' IS NOT NULL
          AND (b.undoes_id IS NULL OR own.draft_id IS NULL)
        $wrong$, table_name, key) INTO wrong USING draft_ids;
    IF wrong IS NOT NULL THEN
        RAISE EXCEPTION 'row %: it repeats what is not an earlier entry of what it corrects', wrong
            USING ERRCODE = 'foreign_key_violation', TABLE = 'draft', COLUMN = 'repeats_id',
                  CONSTRAINT = 'draft_repeats_own_chain';
    END IF;
    EXECUTE format($filled$
        UPDATE draft d
        SET content = to_jsonb(f) || jsonb_build_object(
                'external_id', NULL, 'corrects_id', d.content -> 'corrects_id', 'repeats_id', d.content -> 'repeats_id')
            -- Of these nobody enters when they were reported: they are known from their approval on.
            || CASE WHEN d.collection IN ('events', 'headcounts', 'aid', 'plans') THEN '{"reported_on": null}'::jsonb
                    ELSE '{}' END
            || CASE WHEN d.collection = 'events'
                    THEN jsonb_build_object('kind', CASE WHEN d.content ->> 'kind' = 'retraction'
                                                         THEN 'retraction' ELSE f.kind_told END)
                    ELSE jsonb_build_object('retracted', coalesce((d.content ->> 'retracted')::boolean, false)) END
        FROM (SELECT f.*, to_jsonb(f) ->> 'kind' AS kind_told FROM %1$I f) f
        WHERE d.id = ANY ($1) AND f.%2$I = (d.content ->> 'repeats_id')::bigint
        $filled$, table_name, key) USING draft_ids;
    RETURN told;
END $$;

-- As in 0010. The key that a scoped account gives is its own alone: it neither meets nor tells one that it may not see.
CREATE OR REPLACE FUNCTION register.apply_drafts(batch_id bigint)
    RETURNS TABLE (draft_id bigint, fact_id bigint, region_codes text[])
    LANGUAGE plpgsql SET search_path = register, public, pg_temp AS $$
DECLARE
    kind record;
    told jsonb;
BEGIN
    UPDATE draft d
    SET content = jsonb_set(d.content, '{external_id}',
                            to_jsonb(left(b.author_scope || ':' || (d.content ->> 'external_id'), 200)))
    FROM batch b
    WHERE b.id = apply_drafts.batch_id AND b.author_scope IS NOT NULL
      AND d.batch_id = b.id AND d.outcome IN ('new', 'changed') AND d.content ->> 'external_id' IS NOT NULL
      AND NOT starts_with(d.content ->> 'external_id', b.author_scope || ':');
    FOR kind IN
        SELECT c.name, c.table_name, register.fact_key(c.name) AS key, array_agg(d.id ORDER BY d.row_number, d.part) AS ids
        FROM draft d JOIN collection c ON c.name = d.collection
        WHERE d.batch_id = apply_drafts.batch_id AND d.outcome IN ('new', 'changed')
        GROUP BY c.name, c.table_name, c.position ORDER BY c.position
    LOOP
        told := '{}';
        IF kind.name <> 'sites' THEN
            PERFORM register.refuse_second_corrections(kind.ids, kind.table_name, kind.key);
            told := register.fill_repeats(kind.ids, kind.name, kind.table_name, kind.key);
        END IF;
        RETURN QUERY EXECUTE format('SELECT * FROM register.%I($1)', 'apply_' || kind.name) USING kind.ids;
        IF told <> '{}' THEN
            UPDATE draft d SET content = t.content FROM jsonb_each(told) AS t(id, content) WHERE d.id = t.id::bigint;
        END IF;
    END LOOP;
END $$;

-- As in 0013; an entry that repeats another one has its place and its contact, or none where that had none.
CREATE OR REPLACE FUNCTION register.insert_centres(entries jsonb) RETURNS bigint
    LANGUAGE plpgsql SET search_path = register, public, pg_temp AS $$
DECLARE
    written bigint;
    entry jsonb;
BEGIN
    INSERT INTO centre (id, external_id, corrects_id, retracted, region_code, services, operator, source, source_url,
                        synthetic, reported_on)
    SELECT (e.entry ->> 'id')::bigint, c.external_id, c.corrects_id, coalesce(c.retracted, false), c.region_code,
           c.services, c.operator, c.source, c.source_url, coalesce(c.synthetic, false), c.reported_on
    FROM jsonb_array_elements(entries) WITH ORDINALITY AS e(entry, position)
    CROSS JOIN jsonb_to_record(e.entry -> 'content') AS c(
        external_id text, corrects_id bigint, retracted boolean, region_code text, services text[], operator text,
        source text, source_url text, synthetic boolean, reported_on date)
    ORDER BY e.position;
    GET DIAGNOSTICS written = ROW_COUNT;

    INSERT INTO centre_name (entry_id, name, valid)
    SELECT (e.entry ->> 'id')::bigint, n.name, daterange(n.valid_from, n.valid_to)
    FROM jsonb_array_elements(entries) AS e(entry)
    CROSS JOIN jsonb_to_recordset(e.entry -> 'content' -> 'names') AS n(name text, valid_from date, valid_to date);

    FOR entry IN SELECT e.entry FROM jsonb_array_elements(entries) AS e(entry) LOOP
        -- one after the other: a later one may correct an earlier one
        INSERT INTO centre_place (id, geom, location_accuracy, location_source)
        SELECT fresh.id, coalesce(ST_GeomFromText(c.wkt, 4326), kept.geom),
               CASE WHEN c.wkt IS NULL THEN kept.location_accuracy ELSE c.location_accuracy END,
               CASE WHEN c.wkt IS NULL THEN kept.location_source ELSE c.location_source END
        FROM jsonb_to_record(entry -> 'content')
             AS c(wkt text, location_accuracy text, location_source text, repeats_id bigint)
        JOIN centre fresh ON fresh.id = (entry ->> 'id')::bigint
        LEFT JOIN centre old
               ON old.id = coalesce(c.repeats_id, fresh.corrects_id) AND old.region_code = fresh.region_code
        LEFT JOIN centre_place kept ON kept.id = old.id
        WHERE c.wkt IS NOT NULL OR kept.geom IS NOT NULL;

        INSERT INTO centre_contact (id, office, phone)
        SELECT fresh.id, coalesce(c.contact_office, kept.office),
               CASE WHEN c.contact_office IS NULL THEN kept.phone ELSE c.contact_phone END
        FROM jsonb_to_record(entry -> 'content') AS c(contact_office text, contact_phone text, repeats_id bigint)
        JOIN centre fresh ON fresh.id = (entry ->> 'id')::bigint
        LEFT JOIN centre_contact kept ON kept.id = coalesce(c.repeats_id, fresh.corrects_id)
        WHERE coalesce(c.contact_office, kept.office) IS NOT NULL;
    END LOOP;
    RETURN written;
END $$;
REVOKE EXECUTE ON FUNCTION register.refuse_second_corrections, register.fill_repeats, register.apply_drafts,
    register.insert_centres FROM PUBLIC;
