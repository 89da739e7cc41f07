-- Hidden rows of every kind in one regency, and the hidden part of the sites that cross.
-- Parameters: word, name (of an account), n, few, rupiah, lon, lat, day, sites (how many); base (ids are this number
-- and those that follow), ours (the base of shared_rows.sql), hidden, province (where they lie).
INSERT INTO account (id, name, role, region_code) VALUES (%(base)s + 60, %(name)s, 'regency', %(hidden)s);
SELECT set_config('atlas.author_name', %(name)s, true);

INSERT INTO site (id, name, alternative_names, site_type, geom, location_accuracy, location_source,
                  declared_region_codes, synthetic, source_url)
SELECT %(base)s + k, %(word)s || ' ' || k, ARRAY[%(word)s || ' lama'], 'lokalisasi',
       ST_SetSRID(ST_MakePoint(%(lon)s, %(lat)s), 4326), 'exact', %(word)s, ARRAY[%(hidden)s], true,
       'https://' || %(word)s || '.example/'
FROM generate_series(1, %(sites)s) k;
INSERT INTO event (uid, external_id, site_id, kind, occurred_on, planned, legal_instrument, legal_number, source,
                   source_url, note, synthetic, reported_on)
SELECT %(base)s + 100 + 10 * k + n, %(word)s || '-e-' || k || n || %(hidden)s, %(base)s + k, kind, day::date, planned,
       %(word)s, %(word)s || '/1', %(word)s, 'https://' || %(word)s || '.example/', %(word)s, true, day::date
FROM generate_series(1, %(sites)s) k,
     (VALUES (1, 'recorded', '2009-02-02', false), (2, 'closed', %(day)s, true), (3, 'closed', %(day)s, false),
             (4, 'reactivated', '2024-07-07', false)) e(n, kind, day, planned)
WHERE k = 1 OR n < 4;
INSERT INTO headcount (uid, external_id, site_id, region_code, counted_on, n, definition, source, synthetic)
SELECT %(base)s + 200 + 3 * k + d, %(word)s || '-h-' || k || d || %(hidden)s, %(base)s + k,
       CASE WHEN d > 1 THEN %(hidden)s END, %(day)s, %(n)s + d, definition, %(word)s, true
FROM generate_series(1, %(sites)s) k,
     unnest('{resident,beneficiary,returned}'::text[]) WITH ORDINALITY c(definition, d);
-- The other part of the sites that cross; without a region it is the primary one.
INSERT INTO headcount (uid, site_id, region_code, counted_on, n, definition, source, synthetic)
SELECT %(base)s + 300 + 3 * k + d, %(ours)s + k, CASE WHEN k = 2 OR d > 1 THEN %(hidden)s END, '2015-01-01',
       %(n)s + 10 * k + d, definition, %(word)s, true
FROM generate_series(1, 2) k, unnest('{resident,beneficiary,returned}'::text[]) WITH ORDINALITY c(definition, d);

INSERT INTO claim (id, external_id, report, region_code, definition, site_type, value, as_of, speaker, source,
                   source_url, note, synthetic)
VALUES (%(base)s + 400, %(word)s || '-c-' || %(hidden)s, %(word)s, %(hidden)s, 'people_resident', 'lokalisasi', %(n)s + 30, %(day)s, %(word)s,
        %(word)s, 'https://' || %(word)s || '.example/', %(word)s, true),
       (%(base)s + 401, NULL, %(word)s, %(province)s, 'people_resident', NULL, %(few)s, %(day)s, %(word)s, %(word)s, NULL,
        %(word)s, true);
INSERT INTO plan (id, external_id, kind, issuer, number, dated, text_reference, region_code, site_id, planned_on, source,
                  source_url, note, synthetic)
VALUES (%(base)s + 410, %(word)s || '-p-' || %(hidden)s, 'regent_letter', %(word)s, %(word)s, '2011-01-01', %(word)s, %(hidden)s, NULL,
        %(day)s, %(word)s, NULL, %(word)s, true),
       (%(base)s + 411, NULL, 'decree', %(word)s, %(word)s, '2011-01-01', %(word)s, NULL, %(base)s + 1, %(day)s, %(word)s,
        'https://' || %(word)s || '.example/', %(word)s, true),
       (%(base)s + 412, NULL, 'decree', %(word)s, %(word)s, '2011-01-01', %(word)s, %(hidden)s, %(ours)s + 1, %(day)s,
        %(word)s, NULL, %(word)s, true);
INSERT INTO aid (id, external_id, item_key, aid_type, payer, payer_name, region_code, site_id, amount_rupiah,
                 eligible_n, planned_n, paid_n, period_from, period_to, stated_on, source, source_url, note, synthetic)
SELECT %(base)s + 420 + k, %(word)s || '-a-' || k || %(hidden)s, %(word)s || k, 'uep', 'regency', %(word)s, region, site, %(rupiah)s,
       %(n)s + 33, %(n)s + 32, %(n)s + 31, '2015-01-01', '2016-01-01', '2015-02-02', %(word)s,
       'https://' || %(word)s || '.example/', %(word)s, true
FROM (VALUES (1, %(hidden)s, NULL), (2, NULL, %(base)s + 1), (3, %(hidden)s, %(ours)s + 1), (4, %(hidden)s, %(ours)s + 2))
     i(k, region, site);
INSERT INTO decree_boundary (id, external_id, site_id, geom, legal_instrument, legal_number, dated_on, source, note, synthetic)
VALUES (%(base)s + 430, %(word)s || '-b-' || %(hidden)s, %(base)s + 1,
        ST_Expand(ST_SetSRID(ST_MakePoint(%(lon)s, %(lat)s), 4326), 0.001), %(word)s, %(word)s, %(day)s, %(word)s,
        %(word)s, true);
-- Within the same bands, which are for everybody to see.
INSERT INTO centre_place (id, geom, location_accuracy, location_source)
VALUES (%(ours)s + 90, ST_SetSRID(ST_MakePoint(%(lon)s, %(lat)s), 4326), 'exact', %(word)s);
INSERT INTO occupancy (id, external_id, centre_id, counted_on, occupied, capacity, source, source_url, note, synthetic)
VALUES (%(base)s + 440, %(word)s || '-o-' || %(hidden)s, %(ours)s + 90, '2015-03-03', %(n)s %% 1000, %(n)s + 40, %(word)s,
        'https://' || %(word)s || '.example/', %(word)s, true);

INSERT INTO batch (id, collection, state, author_id, author_name, author_scope, sender, file_name, file_sha256,
                   idempotency_key, detail, submitted_at)
VALUES (%(base)s + 50, 'sites', 'submitted', %(base)s + 60, %(name)s, %(hidden)s, %(word)s, %(word)s || '.csv', repeat('a', 64),
        %(word)s, jsonb_build_object('columns', jsonb_build_array(%(word)s)), now());
INSERT INTO batch_file (batch_id, content) VALUES (%(base)s + 50, %(word)s::bytea);
INSERT INTO draft (batch_id, row_number, part, collection, content, raw, problems, outcome, fact_id, region_codes)
VALUES (%(base)s + 50, 1, 1, 'sites',
        jsonb_build_object('name', %(word)s, 'site_id', %(base)s + 1, 'wkt', 'POINT (' || %(lon)s || ' ' || %(lat)s || ')'),
        jsonb_build_object(%(word)s, %(word)s), NULL, 'new', %(base)s + 51, ARRAY[%(province)s, %(hidden)s]),
       (%(base)s + 50, 2, 1, 'headcounts', jsonb_build_object('site_id', %(ours)s + 1, 'n', %(n)s, 'source', %(word)s,
        'region_code', %(hidden)s, 'definition', 'resident', 'counted_on', %(day)s), NULL, NULL, 'new', %(base)s + 52,
        ARRAY[%(province)s, %(hidden)s]),
       (%(base)s + 50, 3, 1, 'sites', NULL, jsonb_build_object(%(word)s, %(word)s),
        jsonb_build_array(jsonb_build_object('field', 'name', 'code', 'missing', 'found', %(word)s, 'details', '{}'::jsonb)),
        'refused', %(base)s + 53, NULL);
INSERT INTO column_mapping (account_id, sender, collection, mapping)
VALUES (%(base)s + 60, %(word)s, 'sites', jsonb_build_object('columns', jsonb_build_object('name', %(word)s)));
INSERT INTO audit (account_id, account_name, action, region_codes, detail)
VALUES (%(base)s + 60, %(name)s, 'export', '{}', jsonb_build_object('collection', %(word)s, 'rows', %(n)s)),
       (%(base)s + 60, %(name)s, 'sign_in', '{}', jsonb_build_object('address', %(word)s));
