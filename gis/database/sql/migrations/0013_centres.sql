-- Rehabilitation centres: what everybody may know, what a referring office needs, and what planners alone see stand
-- in tables of their own, since columns differ by role and a policy guards rows (domain.md, "Who sees what").
--
-- The safe house that often lies inside a centre's compound is not in this register: no table, column or service is
-- for it, and no text may name it. Whoever knows that a safe house is there knows where trafficked people are hidden,
-- and the law forbids to tell (UU 21/2007 art. 24, UU 31/2014 art. 41). What is not stored cannot leak.
CREATE FUNCTION register.names_safe_house(said text) RETURNS boolean
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN coalesce(
        regexp_replace(lower(normalize(said, NFKC)), '[\u00ad\u200b-\u200f\u2060\ufeff]', '', 'g')
        ~ ('(^|[^a-z])(rumah[^a-z]*(aman|perlindungan)|safe[^a-z]*houses?|trauma[^a-z]*cent(er|re)s?'
           || '|r[^a-z]{0,2}p[^a-z]{0,2}t[^a-z]{0,2}c)([^a-z]|$)'), false);

-- An entry says all that is public of a centre; a later one that corrects it says all of it anew, so both are kept
-- and the second clock chooses. `centre_id` is the id of the first entry, the centre's own for good.
CREATE TABLE register.centre (
    id          bigint PRIMARY KEY DEFAULT register.random_id(),
    centre_id   bigint NOT NULL REFERENCES register.centre,    -- written by a trigger
    corrects_id bigint UNIQUE REFERENCES register.centre,      -- the entry that this one takes the place of
    retracted   boolean NOT NULL DEFAULT false,                -- nothing takes its place
    external_id text UNIQUE,
    region_code text NOT NULL CHECK (region_code ~ '^\d\d\.\d\d$'),  -- its city: a regency of today, Kemendagri's code
    services    text[] NOT NULL CHECK (services <@ ARRAY[
        'doctor', 'counsellor', 'psychologist', 'sewing', 'embroidery', 'cake_making', 'cooking', 'hairdressing',
        'handicraft', 'business_training', 'schooling']),
    operator    text NOT NULL CHECK (operator IN ('ministry', 'province', 'regency', 'foundation')),
    source      text NOT NULL CHECK (length(source) BETWEEN 1 AND 2000 AND NOT register.names_safe_house(source)),
    source_url  text CHECK (source_url ~ '^https://\S+$' AND NOT register.names_safe_house(source_url)),
    synthetic   boolean NOT NULL DEFAULT false,
    recorded_at timestamptz NOT NULL DEFAULT now(),
    approved_at timestamptz NOT NULL DEFAULT now(),
    reported_on date,
    known_on    date NOT NULL GENERATED ALWAYS AS (
        coalesce(reported_on, (approved_at AT TIME ZONE 'Asia/Jakarta')::date)) STORED,
    CHECK (NOT retracted OR corrects_id IS NOT NULL)
);
CREATE INDEX centre_centre_idx ON register.centre (centre_id);

-- The names that a centre bore (PSKW, then BRS Watunas, then PRTS), each with its time [from, to). On a day on which
-- it bears none it is not there: not opened yet, or closed.
CREATE TABLE register.centre_name (
    id       bigint PRIMARY KEY DEFAULT register.random_id(),
    entry_id bigint NOT NULL REFERENCES register.centre,
    name     text NOT NULL CHECK (length(btrim(name)) BETWEEN 1 AND 200 AND NOT register.names_safe_house(name)),
    valid    daterange NOT NULL CHECK (NOT isempty(valid)),
    EXCLUDE USING gist (entry_id WITH =, valid WITH &&)
);

-- Where the compound is: planners alone.
CREATE TABLE register.centre_place (
    id                bigint PRIMARY KEY REFERENCES register.centre,  -- the entry's
    geom              geometry(Point, 4326) NOT NULL CHECK (
        NOT ST_IsEmpty(geom) AND ST_X(geom) BETWEEN -180 AND 180 AND ST_Y(geom) BETWEEN -90 AND 90),
    location_accuracy text NOT NULL CHECK (location_accuracy IN ('exact', 'approximate')),
    location_source   text NOT NULL CHECK (
        length(location_source) BETWEEN 1 AND 2000 AND NOT register.names_safe_house(location_source))
);
CREATE INDEX centre_place_geog_idx ON register.centre_place USING gist ((geom::geography));

-- Whom to ask for a place: an office, never a person. So the text has to begin with what an office is called, and the
-- number is a landline's (+62 and an area code) or a hotline's, since 08 and +62 8 are telephones that people carry.
CREATE TABLE register.centre_contact (
    id     bigint PRIMARY KEY REFERENCES register.centre,  -- the entry's
    office text NOT NULL CHECK (
        length(office) <= 200 AND NOT register.names_safe_house(office)
        AND office !~* '(\d{5}|(^|[^a-z])(bapak|bpk|pak|sdri?)([^a-z]|$))'
        AND office ~* '^(dinas|dinsos|kementerian|kemensos|direktorat|balai|sentra|upt|uptd|bidang|seksi|kantor|sekretariat|unit)(\s|$)'),
    phone  text CHECK (phone ~ '^(\+62 [1-79]\d{1,2} \d{5,8}|1500 ?\d{3}|1\d\d)$')
);

-- People in a centre and places in it, by day; either may stand alone. Numbers are for planners (bands, below).
CREATE TABLE register.occupancy (
    id          bigint PRIMARY KEY DEFAULT register.random_id(),
    external_id text UNIQUE,
    centre_id   bigint NOT NULL REFERENCES register.centre,
    counted_on  date NOT NULL CHECK (counted_on BETWEEN '1900-01-01' AND '2199-12-31'),
    occupied    integer CHECK (occupied BETWEEN 0 AND 100000),
    capacity    integer CHECK (capacity BETWEEN 0 AND 100000),
    source      text NOT NULL CHECK (length(source) BETWEEN 1 AND 2000 AND NOT register.names_safe_house(source)),
    source_url  text CHECK (source_url ~ '^https://\S+$' AND NOT register.names_safe_house(source_url)),
    note        text CHECK (length(note) <= 2000 AND NOT register.names_safe_house(note)),
    synthetic   boolean NOT NULL DEFAULT false,
    corrects_id bigint UNIQUE REFERENCES register.occupancy,
    retracted   boolean NOT NULL DEFAULT false,
    recorded_at timestamptz NOT NULL DEFAULT now(),
    approved_at timestamptz NOT NULL DEFAULT now(),
    reported_on date,
    known_on    date NOT NULL GENERATED ALWAYS AS (
        coalesce(reported_on, (approved_at AT TIME ZONE 'Asia/Jakarta')::date)) STORED,
    CHECK (num_nonnulls(occupied, capacity) > 0),
    CHECK (NOT retracted OR corrects_id IS NOT NULL)
);
CREATE INDEX occupancy_centre_idx ON register.occupancy (centre_id, counted_on);

CREATE FUNCTION register.centre_before_insert() RETURNS trigger
    LANGUAGE plpgsql SET search_path = register, public, pg_temp AS $$
BEGIN
    IF NEW.corrects_id IS NULL THEN
        NEW.centre_id := NEW.id;
    ELSE
        SELECT c.centre_id INTO NEW.centre_id FROM centre c WHERE c.id = NEW.corrects_id;
        IF NOT FOUND THEN
            RAISE EXCEPTION 'corrects_id %: there is no such entry of a centre', NEW.corrects_id
                USING ERRCODE = 'foreign_key_violation', TABLE = 'centre', COLUMN = 'corrects_id',
                      CONSTRAINT = 'centre_corrects_an_entry';
        END IF;
    END IF;
    IF NOT EXISTS (SELECT FROM region r
                   WHERE r.level = 'regency' AND r.code = NEW.region_code AND upper_inf(r.valid)) THEN
        RAISE EXCEPTION '% is no Kemendagri code of a regency or city of today', NEW.region_code
            USING ERRCODE = 'check_violation', TABLE = 'centre', COLUMN = 'region_code',
                  CONSTRAINT = 'centre_region_is_of_today';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER centre_before_insert BEFORE INSERT ON register.centre
    FOR EACH ROW EXECUTE FUNCTION register.centre_before_insert();

-- A place lies in the centre's city; 0.05° are left for coasts. The error says nothing of the place.
CREATE FUNCTION register.centre_place_before_insert() RETURNS trigger
    LANGUAGE plpgsql SET search_path = register, public, pg_temp AS $$
BEGIN
    IF NOT EXISTS (SELECT FROM centre c JOIN region r ON r.level = 'regency' AND r.code = c.region_code
                   WHERE c.id = NEW.id AND upper_inf(r.valid) AND ST_DWithin(r.geom, NEW.geom, 0.05)) THEN
        RAISE EXCEPTION 'the point does not lie in the city that the centre is said to be in'
            USING ERRCODE = 'check_violation', TABLE = 'centre_place', COLUMN = 'geom',
                  CONSTRAINT = 'centre_place_in_its_city';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER centre_place_before_insert BEFORE INSERT ON register.centre_place
    FOR EACH ROW EXECUTE FUNCTION register.centre_place_before_insert();

-- A count belongs to the centre and not to one of its entries; a correction stays within its centre.
CREATE FUNCTION register.occupancy_before_insert() RETURNS trigger
    LANGUAGE plpgsql SET search_path = register, public, pg_temp AS $$
BEGIN
    IF NOT EXISTS (SELECT FROM centre c WHERE c.id = NEW.centre_id AND c.centre_id = c.id) THEN
        RAISE EXCEPTION 'centre_id %: there is no such centre', NEW.centre_id
            USING ERRCODE = 'foreign_key_violation', TABLE = 'occupancy', COLUMN = 'centre_id',
                  CONSTRAINT = 'occupancy_of_a_centre';
    END IF;
    IF NEW.corrects_id IS NOT NULL AND NOT EXISTS (
        SELECT FROM occupancy o WHERE o.id = NEW.corrects_id AND o.centre_id = NEW.centre_id) THEN
        RAISE EXCEPTION 'corrects_id %: there is no such count of this centre', NEW.corrects_id
            USING ERRCODE = 'foreign_key_violation', TABLE = 'occupancy', COLUMN = 'corrects_id',
                  CONSTRAINT = 'occupancy_corrects_own_centre';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER occupancy_before_insert BEFORE INSERT ON register.occupancy
    FOR EACH ROW EXECUTE FUNCTION register.occupancy_before_insert();

DO $$
DECLARE
    kept regclass;
BEGIN
    FOREACH kept IN ARRAY ARRAY['register.centre', 'register.centre_name', 'register.centre_place',
                                'register.centre_contact', 'register.occupancy']::regclass[] LOOP
        EXECUTE format('CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON %s
                        FOR EACH ROW EXECUTE FUNCTION register.refuse_any_change()', kept);
        EXECUTE format('CREATE TRIGGER no_truncate BEFORE TRUNCATE ON %s
                        FOR EACH STATEMENT EXECUTE FUNCTION register.refuse_any_change()', kept);
    END LOOP;
END $$;
-- The trail of places, contacts and counts names no region, so that no scoped account finds in it what is not his.
CALL register.keep_audit('register.centre');
CALL register.keep_audit('register.centre_name');
CALL register.keep_audit('register.centre_place');
CALL register.keep_audit('register.centre_contact');
CALL register.keep_audit('register.occupancy');

-- Name, city and services are for everybody who is signed in, wherever he is.
CALL register.guard('register.centre', $$(SELECT register.current_account_id()) IS NOT NULL$$);
CALL register.guard('register.centre_name', $$(SELECT register.current_account_id()) IS NOT NULL$$);
CALL register.guard('register.centre_place', $$false$$);
CALL register.guard('register.occupancy', $$false$$);
-- A regency sends people to whichever centre has room, mostly in another one; a province does not send people.
CALL register.guard('register.centre_contact', $$(SELECT register.current_scope()) LIKE '__.__'$$);

-- The entry that counts for each centre, with the name that it bears on a day; known_at: null for what is known today.
CREATE FUNCTION register.centres_at(as_of date, known_at date)
    RETURNS TABLE (entry_id bigint, centre_id bigint, name text, region_code text, services text[], operator text,
                   source text, source_url text, synthetic boolean, known_on date)
    LANGUAGE sql STABLE PARALLEL SAFE
BEGIN ATOMIC
    SELECT c.id, c.centre_id, n.name, c.region_code, c.services, c.operator, c.source, c.source_url, c.synthetic,
           c.known_on
    FROM register.centre c
    JOIN register.centre_name n ON n.entry_id = c.id AND n.valid @> as_of
    WHERE NOT c.retracted AND (known_at IS NULL OR c.known_on <= known_at)
      AND NOT EXISTS (SELECT FROM register.centre later
                      WHERE later.corrects_id = c.id AND (known_at IS NULL OR later.known_on <= known_at));
END;

-- The latest numbers of each centre up to a day: people and places each have their own latest count.
CREATE FUNCTION register.occupancies_at(as_of date, known_at date)
    RETURNS TABLE (centre_id bigint, occupied integer, capacity integer, counted_on date)
    LANGUAGE sql STABLE PARALLEL SAFE
BEGIN ATOMIC
    WITH counting AS (
        SELECT o.*
        FROM register.occupancy o
        WHERE NOT o.retracted AND o.counted_on <= as_of AND (known_at IS NULL OR o.known_on <= known_at)
          AND NOT EXISTS (SELECT FROM register.occupancy later
                          WHERE later.corrects_id = o.id AND (known_at IS NULL OR later.known_on <= known_at))
    ), people AS (
        SELECT DISTINCT ON (c.centre_id) c.centre_id, c.occupied, c.counted_on
        FROM counting c WHERE c.occupied IS NOT NULL
        ORDER BY c.centre_id, c.counted_on DESC, c.recorded_at DESC, c.id
    ), places AS (
        SELECT DISTINCT ON (c.centre_id) c.centre_id, c.capacity
        FROM counting c WHERE c.capacity IS NOT NULL
        ORDER BY c.centre_id, c.counted_on DESC, c.recorded_at DESC, c.id
    )
    SELECT coalesce(people.centre_id, places.centre_id), people.occupied, places.capacity, people.counted_on
    FROM people FULL JOIN places ON places.centre_id = people.centre_id;
END;

-- Places that are free in one centre, by its latest counts: one after the other, so that a walk by distance asks for
-- few. Less than none where it is overfull; null where nobody counted.
CREATE FUNCTION register.free_places(of_centre bigint, as_of date, known_at date) RETURNS integer
    LANGUAGE sql STABLE PARALLEL SAFE
BEGIN ATOMIC
    WITH counting AS (
        SELECT o.*
        FROM register.occupancy o
        WHERE o.centre_id = of_centre AND NOT o.retracted AND o.counted_on <= as_of
          AND (known_at IS NULL OR o.known_on <= known_at)
          AND NOT EXISTS (SELECT FROM register.occupancy later
                          WHERE later.corrects_id = o.id AND (known_at IS NULL OR later.known_on <= known_at))
    )
    SELECT (SELECT c.capacity FROM counting c WHERE c.capacity IS NOT NULL
            ORDER BY c.counted_on DESC, c.recorded_at DESC, c.id LIMIT 1)
           - (SELECT c.occupied FROM counting c WHERE c.occupied IS NOT NULL
              ORDER BY c.counted_on DESC, c.recorded_at DESC, c.id LIMIT 1);
END;

-- Bands: what a scoped account may know of numbers (gis/domain/centres.py names them too).
CREATE FUNCTION register.capacity_band(capacity integer) RETURNS text
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN CASE WHEN capacity <= 50 THEN '0-50' WHEN capacity <= 100 THEN '51-100'
                WHEN capacity <= 200 THEN '101-200' WHEN capacity > 200 THEN '201-' END;
CREATE FUNCTION register.occupancy_band(occupied integer, capacity integer) RETURNS text
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN CASE WHEN occupied IS NULL OR capacity IS NULL THEN NULL
                WHEN occupied >= capacity THEN 'full'
                WHEN occupied::bigint * 100 < capacity::bigint * 50 THEN '0-49'
                WHEN occupied::bigint * 100 < capacity::bigint * 80 THEN '50-79' ELSE '80-99' END;

-- The one way in which numbers of a centre reach a scoped account: as bands. It reads no place, and gives nothing to
-- whoever is nobody.
CREATE FUNCTION register.centre_bands(as_of date, known_at date)
    RETURNS TABLE (centre_id bigint, capacity_band text, occupancy_band text, counted_on date)
    LANGUAGE sql STABLE PARALLEL SAFE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
BEGIN ATOMIC
    SELECT o.centre_id, register.capacity_band(o.capacity), register.occupancy_band(o.occupied, o.capacity),
           o.counted_on
    FROM register.occupancies_at(as_of, known_at) o
    WHERE register.current_account_id() IS NOT NULL;
END;
GRANT EXECUTE ON FUNCTION register.centres_at, register.occupancies_at, register.free_places, register.capacity_band,
    register.occupancy_band, register.centre_bands TO atlas_app, atlas_national, atlas_scoped;
REVOKE EXECUTE ON FUNCTION register.centre_bands FROM atlas_app;

-- An entry as it was entered (gis/domain/records/centres.py), for comparing it with what is sent again and for taking
-- it back; of place and contact it holds what whoever asks may see.
CREATE VIEW register.centre_entry WITH (security_invoker = true) AS
SELECT c.id, c.external_id, c.corrects_id, c.retracted,
       (SELECT jsonb_agg(jsonb_build_object('name', n.name, 'valid_from', lower(n.valid), 'valid_to', upper(n.valid))
                         ORDER BY n.valid)
        FROM register.centre_name n WHERE n.entry_id = c.id) AS names,
       c.region_code, c.services, c.operator, ST_AsText(p.geom, 15) AS wkt, p.location_accuracy, p.location_source,
       t.office AS contact_office, t.phone AS contact_phone, c.source, c.source_url, c.reported_on, c.synthetic
FROM register.centre c
LEFT JOIN register.centre_place p ON p.id = c.id
LEFT JOIN register.centre_contact t ON t.id = c.id;
GRANT SELECT ON register.centre_entry TO atlas_app, atlas_national, atlas_scoped;

-- Writes entries of centres; entries is an array of {id, content}, the content being gis/domain/records/centres.py's.
-- A correction that names no place or no contact keeps that of the entry that it corrects, as whoever wrote it may
-- not have seen it; a place goes when the city changes.
CREATE FUNCTION register.insert_centres(entries jsonb) RETURNS bigint
    LANGUAGE plpgsql SET search_path = register, public, pg_temp AS $$
DECLARE
    written bigint;
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

    FOR i IN 0 .. jsonb_array_length(entries) - 1 LOOP  -- one after the other: a later one may correct an earlier one
        INSERT INTO centre_place (id, geom, location_accuracy, location_source)
        SELECT fresh.id, coalesce(ST_GeomFromText(c.wkt, 4326), kept.geom),
               CASE WHEN c.wkt IS NULL THEN kept.location_accuracy ELSE c.location_accuracy END,
               CASE WHEN c.wkt IS NULL THEN kept.location_source ELSE c.location_source END
        FROM jsonb_to_record(entries -> i -> 'content') AS c(wkt text, location_accuracy text, location_source text)
        JOIN centre fresh ON fresh.id = (entries -> i ->> 'id')::bigint
        LEFT JOIN centre old ON old.id = fresh.corrects_id AND old.region_code = fresh.region_code
        LEFT JOIN centre_place kept ON kept.id = old.id
        WHERE c.wkt IS NOT NULL OR kept.geom IS NOT NULL;

        INSERT INTO centre_contact (id, office, phone)
        SELECT fresh.id, coalesce(c.contact_office, kept.office),
               CASE WHEN c.contact_office IS NULL THEN kept.phone ELSE c.contact_phone END
        FROM jsonb_to_record(entries -> i -> 'content') AS c(contact_office text, contact_phone text)
        JOIN centre fresh ON fresh.id = (entries -> i ->> 'id')::bigint
        LEFT JOIN centre_contact kept ON kept.id = fresh.corrects_id
        WHERE coalesce(c.contact_office, kept.office) IS NOT NULL;
    END LOOP;
    RETURN written;
END $$;

-- Writes counts; entries is an array of {id, content}.
CREATE FUNCTION register.insert_occupancies(entries jsonb) RETURNS bigint
    LANGUAGE plpgsql SET search_path = register, public, pg_temp AS $$
DECLARE
    written bigint;
BEGIN
    INSERT INTO occupancy (id, external_id, centre_id, counted_on, occupied, capacity, source, source_url, note,
                           synthetic, corrects_id, retracted, reported_on)
    SELECT (e.entry ->> 'id')::bigint, c.external_id, c.centre_id, c.counted_on, c.occupied, c.capacity, c.source,
           c.source_url, c.note, coalesce(c.synthetic, false), c.corrects_id, coalesce(c.retracted, false),
           c.reported_on
    FROM jsonb_array_elements(entries) WITH ORDINALITY AS e(entry, position)
    CROSS JOIN jsonb_to_record(e.entry -> 'content') AS c(
        external_id text, centre_id bigint, counted_on date, occupied integer, capacity integer, source text,
        source_url text, note text, synthetic boolean, corrects_id bigint, retracted boolean, reported_on date)
    ORDER BY e.position;
    GET DIAGNOSTICS written = ROW_COUNT;
    RETURN written;
END $$;

-- Of drafts that are approved (0010): a centre, and what is counted in it, belong to its city.
CREATE FUNCTION register.apply_centres(draft_ids bigint[])
    RETURNS TABLE (draft_id bigint, fact_id bigint, region_codes text[])
    LANGUAGE plpgsql SET search_path = register, public, pg_temp AS $$
BEGIN
    PERFORM register.insert_centres((
        SELECT jsonb_agg(jsonb_build_object('id', d.fact_id, 'content', d.content) ORDER BY d.row_number, d.part)
        FROM draft d WHERE d.id = ANY (draft_ids)));
    -- A centre that moves to another city belongs to both: only a scope that holds both may say so.
    RETURN QUERY
        SELECT d.id, c.id,
               ARRAY(SELECT unnest(ARRAY[left(c.region_code, 2), c.region_code])
                     INTERSECT SELECT unnest(ARRAY[left(coalesce(old.region_code, c.region_code), 2),
                                                   coalesce(old.region_code, c.region_code)]))
        FROM draft d
        JOIN centre c ON c.id = d.fact_id
        LEFT JOIN centre old ON old.id = c.corrects_id
        WHERE d.id = ANY (draft_ids);
END $$;

CREATE FUNCTION register.apply_occupancies(draft_ids bigint[])
    RETURNS TABLE (draft_id bigint, fact_id bigint, region_codes text[])
    LANGUAGE plpgsql SET search_path = register, public, pg_temp AS $$
BEGIN
    PERFORM register.insert_occupancies((
        SELECT jsonb_agg(jsonb_build_object('id', d.fact_id, 'content', d.content) ORDER BY d.row_number, d.part)
        FROM draft d WHERE d.id = ANY (draft_ids)));
    -- As the newest entry has it, so that a centre that moved is counted by whoever has it now.
    RETURN QUERY
        SELECT d.id, o.id, ARRAY[left(c.region_code, 2), c.region_code]
        FROM draft d
        JOIN occupancy o ON o.id = d.fact_id
        JOIN centre c ON c.centre_id = o.centre_id
        WHERE d.id = ANY (draft_ids)
          AND NOT EXISTS (SELECT FROM centre later WHERE later.corrects_id = c.id);
END $$;

INSERT INTO register.collection (name, table_name, position)
VALUES ('centres', 'centre_entry', 60), ('occupancies', 'occupancy', 65);
