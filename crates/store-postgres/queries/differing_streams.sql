-- Streams whose row is not what follows from the events that are summed up.
WITH expected AS (
  SELECT DISTINCT ON (aggregate_type, aggregate_id)
    aggregate_type, aggregate_id, version, position AS last_position, timestamp AS last_timestamp
  FROM events WHERE position < (SELECT size FROM summary WHERE id = 1) AND aggregate_id IS NOT NULL
  ORDER BY aggregate_type, aggregate_id, position DESC
)
SELECT coalesce(expected.aggregate_type, streams.aggregate_type) || '/' || coalesce(expected.aggregate_id, streams.aggregate_id)
FROM expected FULL JOIN streams USING (aggregate_type, aggregate_id)
WHERE (expected.version, expected.last_position, expected.last_timestamp)
  IS DISTINCT FROM (streams.version, streams.last_position, streams.last_timestamp)
LIMIT $1
