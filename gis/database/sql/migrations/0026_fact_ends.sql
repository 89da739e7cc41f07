-- Undoing a batch takes a time that grows with the batch and not with its square.

-- As in 0021; the batch that wrote the end is told where the end is another fact.
CREATE OR REPLACE FUNCTION register.fact_ends(of_batch bigint, of_collection text)
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

-- As in 0021.
CREATE OR REPLACE FUNCTION register.fill_repeats(draft_ids bigint[], collection text, table_name text, key text) RETURNS jsonb
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
