-- What a release says of its own day: sites and people by province, as in published.figure and published.people.
-- Parameters: release_id, on.
-- Columns: figures, people (JSON arrays of their rows; null without any).
SELECT (SELECT json_agg(to_jsonb(f) - 'figure_on' ORDER BY f.province_code, f.site_type) FROM published.figure f
        WHERE f.release_id = %(release_id)s AND f.figure_on = %(on)s),
       (SELECT json_agg(to_jsonb(p) - 'figure_on' ORDER BY p.province_code, p.site_type, p.definition)
        FROM published.people p WHERE p.release_id = %(release_id)s AND p.figure_on = %(on)s)
