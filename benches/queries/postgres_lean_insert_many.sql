INSERT INTO lean (position, event_id, event_type, aggregate_type, aggregate_id, version, schema_version, timestamp,
  recorded_at, actor_id, tags, payload, metadata)
SELECT position, event_id, event_type, aggregate_type, aggregate_id, version, 1, timestamp, timestamp, actor_id, tags,
  payload, metadata
FROM unnest($1::int8[], $2::uuid[], $3::text[], $4::text[], $5::text[], $6::int8[], $7::int8[], $8::text[], $9::text[],
  $10::text[], $11::text[])
  AS event (position, event_id, event_type, aggregate_type, aggregate_id, version, timestamp, actor_id, tags, payload,
  metadata)
