INSERT INTO lean (position, event_id, event_type, aggregate_type, aggregate_id, version, schema_version, timestamp,
  recorded_at, actor_id, tags, payload, metadata)
VALUES ($1, $2, $3, $4, $5, $6, 1, $7, $7, $8, $9, $10, $11)
