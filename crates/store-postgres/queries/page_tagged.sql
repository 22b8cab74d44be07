-- Those that are sealed and have all the tags $5. Their positions are found first, and by nothing but the tags (the sums keep other
-- indexes out of it), or the planner would follow the positions instead, since they are wanted in order.
SELECT event.position, event.event_id, event.event_type, event.aggregate_type, event.aggregate_id, event.version,
    event.schema_version, event.timestamp, event.recorded_at, event.actor_id, event.tags, event.payload, event.metadata,
    event.context, event.erasure,
    coalesce(octet_length(event.payload), 0)::bigint + coalesce(octet_length(event.metadata), 0) AS bytes
FROM (
  SELECT tagged.position FROM events AS tagged
  WHERE tagged.position < {sealed} AND tagged.tags <> '[]' AND tagged.tags::jsonb ?& $5::text[] AND tagged.position + 0 >= $1
    AND tagged.position + 0 < $2
  OFFSET 0
) AS tagged
CROSS JOIN LATERAL (SELECT * FROM events WHERE events.position = tagged.position LIMIT 1) AS event
WHERE event.position >= $1 AND event.position < least($2, head.size)
    AND ($6::text[] IS NULL OR event.event_type = ANY ($6))
    AND ($7::text[] IS NULL OR event.aggregate_type || '/' || event.aggregate_id = ANY ($7))
    AND ($8::text IS NULL OR event.aggregate_type = $8)
    AND ($9::text IS NULL OR event.aggregate_id = $9)
    AND ($10::text IS NULL OR event.actor_id = $10)
    AND ($11::bigint IS NULL OR event.timestamp >= $11)
    AND ($12::bigint IS NULL OR event.timestamp <= $12)
