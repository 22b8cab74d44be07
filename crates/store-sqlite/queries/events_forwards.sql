SELECT position, event_id, event_type, aggregate_type, aggregate_id, version, schema_version, timestamp,
  recorded_at, actor_id, tags, payload, metadata, context, erasure
FROM events WHERE position >= ?1 AND position < ?2 ORDER BY position
