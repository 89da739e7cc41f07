-- A release is written whole, in the transaction that makes it: to one that is out nothing is added either, by nobody.
-- The same holds for the regions that releases share.

CREATE FUNCTION published.begin_release() RETURNS trigger
    LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    PERFORM set_config('atlas.release_made', NEW.id, true);  -- ends with the transaction
    RETURN NULL;
END $$;

CREATE FUNCTION published.refuse_additions() RETURNS trigger
    LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF EXISTS (SELECT FROM new_rows fresh
               WHERE fresh.release_id IS DISTINCT FROM nullif(current_setting('atlas.release_made', true), '')) THEN
        RAISE EXCEPTION 'a release that is out is not added to (%)', TG_TABLE_NAME
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NULL;
END $$;

CREATE FUNCTION published.refuse_more_regions() RETURNS trigger
    LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    is_more boolean;
BEGIN
    EXECUTE format('SELECT (SELECT count(*) FROM new_rows) <> (SELECT count(*) FROM published.%I p WHERE p.boundaries_id IN
                    (SELECT fresh.boundaries_id FROM new_rows fresh))', TG_TABLE_NAME) INTO is_more;
    IF is_more THEN
        RAISE EXCEPTION 'regions of releases are not added to (%)', TG_TABLE_NAME
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NULL;
END $$;

CREATE TRIGGER begun AFTER INSERT ON published.release FOR EACH ROW EXECUTE FUNCTION published.begin_release();

DO $$
DECLARE
    made text;
BEGIN
    FOREACH made IN ARRAY '{figure,people,site,event,decree,claim,centre,aid,reactivation}'::text[] LOOP
        EXECUTE format('CREATE TRIGGER whole AFTER INSERT ON published.%I REFERENCING NEW TABLE AS new_rows '
                       'FOR EACH STATEMENT EXECUTE FUNCTION published.refuse_additions()', made);
    END LOOP;
    FOREACH made IN ARRAY '{region,place}'::text[] LOOP
        EXECUTE format('CREATE TRIGGER whole AFTER INSERT ON published.%I REFERENCING NEW TABLE AS new_rows '
                       'FOR EACH STATEMENT EXECUTE FUNCTION published.refuse_more_regions()', made);
    END LOOP;
END $$;
