-- Names as they are compared: what is one place to a person is one text here.

-- Lower case, letters and digits only, without the words that say what kind of place it is; a name that holds nothing
-- but such words keeps them.
CREATE FUNCTION register.plain_names(name text, alternative_names text[]) RETURNS text[]
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN (
        SELECT coalesce(array_agg(DISTINCT p.plain) FILTER (WHERE p.plain <> ''), '{}')
        FROM (
            SELECT coalesce(
                nullif(regexp_replace(regexp_replace(lower(n), '\m(eks|ex|bekas|lokalisasi|lokasi|kompleks|komplek)\M', '',
                                                     'g'), '[^[:alnum:]]+', '', 'g'), ''),
                regexp_replace(lower(n), '[^[:alnum:]]+', '', 'g')) AS plain
            FROM unnest(alternative_names || name) AS n
        ) p);
GRANT EXECUTE ON FUNCTION register.plain_names TO atlas_national, atlas_scoped;

-- Beside a generated column no trigger may compare the whole row in its WHEN: a dump could not be restored. The new
-- value is made after the trigger, so that it is left out of the comparison.
DROP TRIGGER site_touch_before_update ON register.site;
ALTER TABLE register.site
    ADD COLUMN plain_names text[] GENERATED ALWAYS AS (register.plain_names(name, alternative_names)) STORED;
CREATE OR REPLACE FUNCTION register.touch_site() RETURNS trigger
    LANGUAGE plpgsql SET search_path = register, public, pg_temp
AS $$
BEGIN
    NEW.plain_names := OLD.plain_names;
    IF NEW IS DISTINCT FROM OLD THEN
        NEW.updated_at := now();
    END IF;
    RETURN NEW;
END
$$;
CREATE TRIGGER site_touch_before_update BEFORE UPDATE ON register.site
    FOR EACH ROW EXECUTE FUNCTION register.touch_site();
CREATE INDEX site_plain_names_idx ON register.site USING gin (plain_names);

-- The file of a batch as it was sent: what was read can be read again, and be compared with its receipt.
CREATE TABLE register.batch_file (
    batch_id bigint PRIMARY KEY REFERENCES register.batch,
    content  bytea NOT NULL
);
ALTER TABLE register.batch_file ALTER COLUMN content SET STORAGE EXTERNAL;  -- most formats are compressed already
CALL register.guard('register.batch_file', $$EXISTS (SELECT FROM register.batch b WHERE b.id = batch_id)$$);
GRANT INSERT ON register.batch_file TO atlas_national, atlas_scoped;
CREATE POLICY author_inserts ON register.batch_file FOR INSERT TO atlas_national, atlas_scoped
    WITH CHECK (register.is_own_open_batch(batch_id));

-- How a file is read is corrected by its author until it is handed in; whether there was such a batch comes back.
CREATE FUNCTION register.note_batch_detail(batch_id bigint, detail jsonb) RETURNS boolean
    LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
BEGIN ATOMIC
    WITH noted AS (
        UPDATE register.batch b SET detail = b.detail || note_batch_detail.detail
        WHERE b.id = note_batch_detail.batch_id
          AND (register.is_own_open_batch(b.id) OR (b.author_id IS NULL AND register.is_operator()))
        RETURNING b.id
    )
    SELECT EXISTS (SELECT FROM noted);
END;
REVOKE EXECUTE ON FUNCTION register.note_batch_detail FROM PUBLIC;
GRANT EXECUTE ON FUNCTION register.note_batch_detail TO atlas_national, atlas_scoped;
