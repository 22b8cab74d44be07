-- The events that have the ids $1: those that are sealed; those at the positions $2, where others may be, too; and those
-- from $3 on, below $4. A range of ids is asked for rather than one, since only the ids' index has them in order.
SELECT event.* FROM unnest($1::uuid[]) AS wanted (id)
CROSS JOIN LATERAL (
  SELECT position, event_id, event_type, aggregate_type, aggregate_id, version, schema_version, timestamp,
    recorded_at, actor_id, tags, payload, metadata, context, erasure, secret
  FROM events WHERE event_id >= wanted.id AND event_id <= wanted.id AND position < {sealed}
  ORDER BY event_id LIMIT 1
) AS event
UNION ALL
SELECT position, event_id, event_type, aggregate_type, aggregate_id, version, schema_version, timestamp,
    recorded_at, actor_id, tags, payload, metadata, context, erasure, secret
FROM events WHERE position = ANY ($2::int8[])
UNION ALL
SELECT position, event_id, event_type, aggregate_type, aggregate_id, version, schema_version, timestamp,
    recorded_at, actor_id, tags, payload, metadata, context, erasure, secret
FROM events WHERE position >= $3 AND position < $4 AND event_id = ANY ($1)
