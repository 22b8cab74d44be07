WITH tail AS (
  SELECT DISTINCT ON (aggregate_type, aggregate_id)
    aggregate_type, aggregate_id, version, position AS last_position, timestamp AS last_timestamp
  FROM events
  WHERE position >= (SELECT size FROM summary WHERE id = 1) AND aggregate_id IS NOT NULL
  ORDER BY aggregate_type, aggregate_id, position DESC
), known AS (
  SELECT * FROM tail
  UNION ALL
  SELECT aggregate_type, aggregate_id, version, last_position, last_timestamp FROM streams
  WHERE NOT EXISTS (
    SELECT FROM tail
    WHERE tail.aggregate_type = streams.aggregate_type AND tail.aggregate_id = streams.aggregate_id
  )
)
SELECT aggregate_type, aggregate_id, version, last_position, last_timestamp FROM known
WHERE (aggregate_type, aggregate_id) > ($1, $2) AND ($3::text IS NULL OR aggregate_type = $3)
  AND ($4::text IS NULL OR strpos(lower(aggregate_id COLLATE "C"), $4) > 0)
ORDER BY aggregate_type, aggregate_id LIMIT $5
