-- What was written between two sizes of the log: what the tail has to know of it.
SELECT position, event_id, event_type, aggregate_type, aggregate_id, version, actor_id, tags,
  metadata::json ->> 'correlationId', CASE WHEN $3::boolean THEN payload END
FROM events WHERE position >= $1 AND position < $2 ORDER BY position
