-- What the public sees: dated releases, which never change. gis.domain.disclosure made every value in here, so that no
-- question about this schema can be answered with more than it holds (design decision 5). Visitors have a login role
-- of their own, atlas_visitor, which can read this schema and nothing else.

CREATE SCHEMA published;

DO $$
BEGIN
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'atlas_visitor') THEN
        BEGIN
            CREATE ROLE atlas_visitor NOSUPERUSER NOCREATEDB NOCREATEROLE NOBYPASSRLS NOREPLICATION NOINHERIT;
        EXCEPTION WHEN duplicate_object OR unique_violation THEN
            NULL;  -- another database of this server was a moment quicker
        END;
    END IF;
END $$;
ALTER ROLE atlas_visitor LOGIN;

-- Whose shapes and names a release uses; shared by the releases that were made over the same boundary files.
CREATE TABLE published.boundaries (
    id text PRIMARY KEY                    -- the checksum of the files
);

CREATE TABLE published.region (
    boundaries_id text NOT NULL REFERENCES published.boundaries,
    level         text NOT NULL CHECK (level IN ('province', 'regency')),
    code          text NOT NULL,
    code_today    text NOT NULL,
    parent_code   text,
    name          text NOT NULL,
    kind          text NOT NULL,
    iso_code      text,
    valid         daterange NOT NULL,
    area_km2      double precision NOT NULL,
    label_point   geometry(Point, 4326) NOT NULL,
    geom          geometry(MultiPolygon, 4326) NOT NULL,
    PRIMARY KEY (boundaries_id, level, code, valid)
);

-- Where each regency of today lay on a day; for_province marks the one row a province of today and period.
CREATE TABLE published.place (
    boundaries_id  text NOT NULL REFERENCES published.boundaries,
    regency_today  text NOT NULL,
    valid          daterange NOT NULL,
    regency_code   text NOT NULL,
    regency_name   text NOT NULL,
    province_today text NOT NULL,
    province_code  text NOT NULL,
    province_name  text NOT NULL,
    for_province   boolean NOT NULL,
    PRIMARY KEY (boundaries_id, regency_today, valid)
);

CREATE TABLE published.release (
    id            text PRIMARY KEY CHECK (id ~ '^\d{4}-\d\d-\d\d(\.[1-9]\d*)?$'),
    number        integer NOT NULL UNIQUE CHECK (number > 0),  -- the order
    published_on  date NOT NULL,           -- in Jakarta; what was true and known at its end
    boundaries_id text NOT NULL REFERENCES published.boundaries,
    rule_version  text NOT NULL,           -- gis.domain.disclosure.RULE_VERSION
    method        text NOT NULL,           -- gis.domain.disclosure.METHOD: the rules in words, as they were then
    licence       text NOT NULL,
    note          text NOT NULL CHECK (length(note) <= 2000),
    synthetic     boolean NOT NULL,        -- whether it holds rows made up for demonstration
    checksum      text NOT NULL CHECK (checksum ~ '^[0-9a-f]{64}$')  -- SHA-256 of all its rows
);

-- Lokalisasi and lokasi by province of today, at the end of each figure day: of each month since the first event, of the
-- days that claims speak of, and of the release. province_code '' is what lies in no province.
CREATE TABLE published.figure (
    release_id    text NOT NULL REFERENCES published.release,
    figure_on     date NOT NULL,
    province_code text NOT NULL,
    site_type     text NOT NULL CHECK (site_type IN ('lokalisasi', 'lokasi')),
    active        integer NOT NULL CHECK (active >= 0),
    planned       integer NOT NULL CHECK (planned >= 0),
    closed        integer NOT NULL CHECK (closed >= 0),
    PRIMARY KEY (release_id, figure_on, province_code, site_type)
);

-- People by province of today ('' in none, null the nation) on each figure day, rounded to 10; null: withheld. No row:
-- nobody counted.
CREATE TABLE published.people (
    release_id    text NOT NULL REFERENCES published.release,
    figure_on     date NOT NULL,
    province_code text,
    site_type     text NOT NULL CHECK (site_type IN ('lokalisasi', 'lokasi')),
    definition    text NOT NULL CHECK (definition IN ('resident', 'beneficiary', 'returned')),
    n             integer CHECK (n >= 0 AND n % 10 = 0),
    UNIQUE NULLS NOT DISTINCT (release_id, figure_on, province_code, site_type, definition)
);

-- Sites from their first closing on. geom is the centre of their cell of 0.01 degrees.
CREATE TABLE published.site (
    release_id           text NOT NULL REFERENCES published.release,
    id                   bigint NOT NULL,
    name                 text NOT NULL,
    site_type            text NOT NULL CHECK (site_type IN ('lokalisasi', 'lokasi')),
    closed_on            date NOT NULL,
    province_code        text,             -- of today, as region_codes
    regency_code         text,
    province_join_method text NOT NULL,
    regency_join_method  text NOT NULL,
    region_codes         text[] NOT NULL,
    location_accuracy    text NOT NULL CHECK (location_accuracy IN ('cell', 'regency')),
    synthetic            boolean NOT NULL,
    source_url           text,
    geom                 geometry(Point, 4326),
    PRIMARY KEY (release_id, id),
    CHECK ((geom IS NULL) = (location_accuracy = 'regency'))
);
CREATE INDEX site_geom_idx ON published.site USING gist (geom);
CREATE INDEX site_region_codes_idx ON published.site USING gin (region_codes);

-- The closing of a published site and what belongs to it.
CREATE TABLE published.event (
    release_id       text NOT NULL,
    site_id          bigint NOT NULL,
    number           integer NOT NULL,     -- within the site, in the order of the days
    kind             text NOT NULL,
    occurred_on      date NOT NULL,
    date_precision   text NOT NULL,
    legal_instrument text,
    legal_number     text,
    source           text NOT NULL,
    source_url       text,
    synthetic        boolean NOT NULL,
    PRIMARY KEY (release_id, site_id, number),
    FOREIGN KEY (release_id, site_id) REFERENCES published.site
);

-- Decrees that are public law, of a published site or of a region as a whole.
CREATE TABLE published.decree (
    release_id      text NOT NULL REFERENCES published.release,
    id              bigint NOT NULL,
    kind            text NOT NULL CHECK (kind IN ('decree', 'by_law')),
    issuer          text NOT NULL,
    number          text,
    dated           date,
    dated_precision text,
    region_code     text,
    site_id         bigint,
    source          text NOT NULL,
    source_url      text,
    synthetic       boolean NOT NULL,
    PRIMARY KEY (release_id, id)
);

-- What was said of the nation and of provinces; value is null where it is of people and below 10, or gives such a one back.
-- derived: what this release has for its day and region; null where it has nothing, or withholds it.
CREATE TABLE published.claim (
    release_id      text NOT NULL REFERENCES published.release,
    id              bigint NOT NULL,
    report          text NOT NULL,
    region_code     text,                  -- a province of today; null: the nation
    definition      text NOT NULL,
    site_type       text,
    value           integer,
    as_of           date NOT NULL,
    as_of_precision text NOT NULL,
    holds_on        date NOT NULL,
    counted_from    date,
    speaker         text,
    source          text NOT NULL,
    source_url      text,
    uncertain       boolean NOT NULL,
    synthetic       boolean NOT NULL,
    PRIMARY KEY (release_id, id)
);

CREATE TABLE published.centre (
    release_id  text NOT NULL REFERENCES published.release,
    id          bigint NOT NULL,
    name        text NOT NULL,
    region_code text NOT NULL,             -- the regency or city, of today; there is no place in here
    services    text[] NOT NULL,
    operator    text NOT NULL,
    source      text NOT NULL,
    source_url  text,
    synthetic   boolean NOT NULL,
    PRIMARY KEY (release_id, id)
);

-- Aid on the day of the release: the people behind one amount a person, by province of today, kind and payer, rounded to
-- 10; null: withheld. Money is those numbers times the amount, and nothing else.
CREATE TABLE published.aid (
    release_id    text NOT NULL REFERENCES published.release,
    province_code text NOT NULL,           -- '' in none
    aid_type      text NOT NULL,
    payer         text NOT NULL,
    amount_rupiah bigint,                  -- a person; null: not known
    promised      integer CHECK (promised >= 0 AND promised % 10 = 0),
    paid          integer CHECK (paid >= 0 AND paid % 10 = 0),
    synthetic     boolean NOT NULL,
    UNIQUE NULLS NOT DISTINCT (release_id, province_code, aid_type, payer, amount_rupiah)
);

-- Lokalisasi reported active again, by year, in the nation.
CREATE TABLE published.reactivation (
    release_id text NOT NULL REFERENCES published.release,
    year       integer NOT NULL,
    sites      integer NOT NULL CHECK (sites > 0),
    PRIMARY KEY (release_id, year)
);

-- A release is added whole and never changed, by nobody; who may add one is the owner, and an account that is an admin.
CREATE FUNCTION register.may_publish() RETURNS boolean
    LANGUAGE sql STABLE PARALLEL SAFE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
BEGIN ATOMIC
    SELECT EXISTS (SELECT FROM register.account a
                   WHERE a.id = register.current_account_id() AND a.role = 'admin');
END;
REVOKE EXECUTE ON FUNCTION register.may_publish FROM PUBLIC;
GRANT EXECUTE ON FUNCTION register.may_publish TO atlas_national;

DO $$
DECLARE
    made regclass;
BEGIN
    FOR made IN SELECT c.oid::regclass FROM pg_class c
                WHERE c.relnamespace = 'published'::regnamespace AND c.relkind = 'r' LOOP
        EXECUTE format('CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON %s '
                       'FOR EACH STATEMENT EXECUTE FUNCTION register.refuse_any_change()', made);
        EXECUTE format('CREATE TRIGGER no_truncate BEFORE TRUNCATE ON %s '
                       'FOR EACH STATEMENT EXECUTE FUNCTION register.refuse_any_change()', made);
        EXECUTE format('ALTER TABLE %s ENABLE ROW LEVEL SECURITY', made);
        EXECUTE format('ALTER TABLE %s FORCE ROW LEVEL SECURITY', made);
        EXECUTE format('CREATE POLICY readers ON %s FOR SELECT USING (true)', made);
        EXECUTE format('CREATE POLICY owner ON %s FOR INSERT TO CURRENT_USER WITH CHECK (true)', made);
        EXECUTE format('CREATE POLICY admins ON %s FOR INSERT TO atlas_national '
                       'WITH CHECK ((SELECT register.may_publish()))', made);
        EXECUTE format('GRANT SELECT ON %s TO atlas_visitor, atlas_app, atlas_national, atlas_scoped', made);
        EXECUTE format('GRANT INSERT ON %s TO atlas_national', made);
    END LOOP;
END $$;
GRANT USAGE ON SCHEMA published TO atlas_visitor, atlas_app, atlas_national, atlas_scoped;

-- Right after a release the planner knows nothing of its rows, and autovacuum comes a minute later; who may publish lets
-- the tables be counted at once.
CREATE FUNCTION register.analyze_releases() RETURNS void
    LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    ANALYZE published.region, published.place, published.figure, published.people, published.site, published.event,
            published.release;
END $$;
REVOKE EXECUTE ON FUNCTION register.analyze_releases FROM PUBLIC;
GRANT EXECUTE ON FUNCTION register.analyze_releases TO atlas_national;

-- Making a release is in the trail, whoever makes it.

CREATE FUNCTION register.write_release_audit() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    acting_id bigint := register.current_account_id();
    acting_name text := coalesce((SELECT a.name FROM register.account a WHERE a.id = acting_id), 'operator');
BEGIN
    INSERT INTO register.audit (account_id, account_name, action, table_name, row_key, after)
    SELECT acting_id, acting_name, 'insert', 'release', fresh.id, to_jsonb(fresh) FROM new_rows fresh;
    RETURN NULL;
END $$;
REVOKE EXECUTE ON FUNCTION register.write_release_audit FROM PUBLIC;

CREATE TRIGGER zz_audit_insert AFTER INSERT ON published.release REFERENCING NEW TABLE AS new_rows
    FOR EACH STATEMENT EXECUTE FUNCTION register.write_release_audit();

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
