-- What is entered of a site and not yet decided, as far as whoever acts may see it.
-- Parameters: site_id.
-- Columns: batch_id, state, author_name, entered_at, collection, content.
-- Order: newest batch first, row, part.
SELECT b.id, b.state, b.author_name, coalesce(b.submitted_at, b.created_at), d.collection, d.content
FROM register.draft d
JOIN register.batch b ON b.id = d.batch_id
WHERE d.content ->> 'site_id' = %(site_id)s::bigint::text AND d.content ? 'site_id'
  AND d.outcome IN ('new', 'changed') AND b.state IN ('draft', 'submitted', 'returned')
ORDER BY 4 DESC, b.id, d.row_number, d.part
LIMIT 50
