-- The register's revision: it is another one after the commit of each transaction that wrote what anybody reads of the
-- register, and two snapshots of one revision hold the same data. Answers are kept under it (tiles, entity tags).
--
-- Each writing transaction adds a row, and the revision is how many of them a snapshot sees. Snapshots of one server are
-- ordered by what they see, so that the same number means the same transactions, and writers neither wait for one
-- another nor lose a step, as they would on one counter. A few dozen rows are summed up at a time.

CREATE TABLE register.revision_base (
    only_row boolean PRIMARY KEY DEFAULT true CHECK (only_row),
    steps    bigint NOT NULL                -- what was summed up
);
INSERT INTO register.revision_base (steps) VALUES (0);

CREATE TABLE register.revision_step (
    stepped_at timestamptz NOT NULL DEFAULT now()  -- when its transaction began
);

DO $$
DECLARE
    made regclass;
BEGIN
    FOREACH made IN ARRAY '{register.revision_base,register.revision_step}'::regclass[] LOOP
        EXECUTE format('ALTER TABLE %s ENABLE ROW LEVEL SECURITY', made);
        EXECUTE format('ALTER TABLE %s FORCE ROW LEVEL SECURITY', made);
        EXECUTE format('CREATE POLICY owner ON %s TO CURRENT_USER USING (true) WITH CHECK (true)', made);
    END LOOP;
END $$;

-- One row a transaction, however many statements it has (one more for what a savepoint holds: no step is ever lost). Rows
-- are known by their transaction and not by a number of it that is stored: after a restore the same numbers come again.
CREATE FUNCTION register.step_revision() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF EXISTS (SELECT FROM register.revision_step s
               WHERE s.xmin = pg_current_xact_id()::xid AND s.stepped_at = now()) THEN
        RETURN NULL;
    END IF;
    INSERT INTO register.revision_step DEFAULT VALUES;
    -- One sums up at a time, nobody waits for it, and with a snapshot of its own, without which it would be refused.
    IF (SELECT count(*) FROM register.revision_step) > 50
       AND current_setting('transaction_isolation') = 'read committed'
       AND pg_try_advisory_xact_lock(7468011) THEN
        WITH summed AS (DELETE FROM register.revision_step RETURNING 1)
        UPDATE register.revision_base SET steps = steps + (SELECT count(*) FROM summed);
    END IF;
    RETURN NULL;
END $$;

-- The revision that the calling statement's snapshot holds. What stands before the point is of this database alone: a
-- restored one, or one that was brought back to an earlier day, counts under another name. In a language whose plans are
-- kept (0.2 ms, and 0.7 as SQL), since it is asked for beside each count and tile.
CREATE FUNCTION register.revision() RETURNS text
    LANGUAGE plpgsql STABLE PARALLEL SAFE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    system_identifier bigint := (SELECT s.system_identifier FROM pg_control_system() s);
    timeline integer := (SELECT c.timeline_id FROM pg_control_checkpoint() c);
    database_oid oid := (SELECT d.oid FROM pg_database d WHERE d.datname = current_database());
    named text := concat_ws(' ', system_identifier, timeline, database_oid, 'register.revision_step'::regclass::oid);
BEGIN
    RETURN left(encode(sha256(convert_to(named, 'UTF8')), 'hex'), 12) || '.'
           || (SELECT b.steps + (SELECT count(*) FROM register.revision_step) FROM register.revision_base b);
END $$;
REVOKE EXECUTE ON FUNCTION register.step_revision, register.revision FROM PUBLIC;
GRANT EXECUTE ON FUNCTION register.revision TO atlas_app, atlas_national, atlas_scoped;

-- Lets the writes of a table count. A new table of the register needs it, unless nothing that is kept under the revision
-- depends on it.
CREATE PROCEDURE register.count_in_revision(counted regclass)
    LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    EXECUTE format('CREATE TRIGGER zz_revision AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON %s '
                   'FOR EACH STATEMENT EXECUTE FUNCTION register.step_revision()', counted);
END $$;
REVOKE EXECUTE ON PROCEDURE register.count_in_revision FROM PUBLIC;

DO $$
DECLARE
    counted text;
BEGIN
    FOREACH counted IN ARRAY '{region,neighbour,boundary_load,place,site,site_region,event,headcount,site_state,claim,plan,
                               centre,centre_name,centre_place,centre_contact,occupancy,aid_rate,aid,decree_boundary}'::text[] LOOP
        CALL register.count_in_revision(format('register.%I', counted)::regclass);
    END LOOP;
END $$;
