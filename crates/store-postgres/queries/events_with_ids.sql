SELECT event.* FROM unnest($1::uuid[]) AS wanted (id)
CROSS JOIN LATERAL (
  SELECT position, event_id, event_type, aggregate_type, aggregate_id, version, schema_version, timestamp,
  recorded_at, actor_id, tags, payload, metadata, context, erasure, secret
  FROM events WHERE event_id = wanted.id LIMIT 1
) AS event
