-- What both sides see: in each place two sites that cross, one that counts to the hidden regency and one to the
-- attacker's, with the people of the attacker's part; and a centre in the hidden regency.
-- Parameters: base (ids are this number and those that follow), hidden, own (regencies).
INSERT INTO site (id, name, site_type, location_accuracy, location_source, declared_region_codes, synthetic)
VALUES (%(base)s + 1, 'Lintas ' || %(own)s || ' A', 'lokalisasi', 'regency', 'uji', ARRAY[%(hidden)s, %(own)s], true),
       (%(base)s + 2, 'Lintas ' || %(own)s || ' B', 'lokalisasi', 'regency', 'uji', ARRAY[%(own)s, %(hidden)s], true);
INSERT INTO event (uid, site_id, kind, occurred_on, source, synthetic)
SELECT %(base)s + 10 * k + n, %(base)s + k, kind, day::date, 'uji', true
FROM generate_series(1, 2) k, (VALUES (1, 'recorded', '2010-01-01'), (2, 'closed', '2018-05-05')) e(n, kind, day);
INSERT INTO headcount (uid, site_id, region_code, counted_on, n, definition, source, synthetic)
SELECT %(base)s + 40 + 3 * k + d, %(base)s + k, %(own)s, '2015-01-01', 410 + k, definition, 'uji', true
FROM generate_series(1, 2) k, unnest('{resident,beneficiary,returned}'::text[]) WITH ORDINALITY c(definition, d);
INSERT INTO centre (id, centre_id, region_code, services, operator, source, synthetic)
VALUES (%(base)s + 90, %(base)s + 90, %(hidden)s, '{doctor}', 'province', 'uji', true);
INSERT INTO centre_name (id, entry_id, name, valid)
VALUES (%(base)s + 91, %(base)s + 90, 'Balai ' || %(hidden)s, '[2000-01-01,)');
