-- Writes counts of centres whose external id is not there yet; how many they were.
-- Parameters: entries (jsonb array of id and content).
-- Columns: written. One row.
SELECT coalesce(register.insert_occupancies(fresh.entries), 0)
FROM (SELECT jsonb_agg(e.entry ORDER BY e.position) AS entries
      FROM jsonb_array_elements(%(entries)s) WITH ORDINALITY AS e(entry, position)
      WHERE NOT EXISTS (SELECT FROM register.occupancy o
                        WHERE o.external_id = e.entry -> 'content' ->> 'external_id')) fresh
WHERE fresh.entries IS NOT NULL
