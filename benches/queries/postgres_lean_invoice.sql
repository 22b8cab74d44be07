SELECT position, event_id, event_type, aggregate_type, aggregate_id, version, schema_version, timestamp, recorded_at,
  actor_id, tags, payload, metadata
FROM lean WHERE payload::json ->> 'invoice' = $1
