-- Those that are sealed and whose hashed key is that of one of the values $5. Key and position are compared and ordered as one, which only
-- the index of the two can do: however empty or unknown the tables are, the planner has no other choice.
SELECT event.*
FROM unnest($5::text[]) AS wanted (value)
CROSS JOIN LATERAL (
  SELECT event.position, event.event_id, event.event_type, event.aggregate_type, event.aggregate_id, event.version,
    event.schema_version, event.timestamp, event.recorded_at, event.actor_id, event.tags, event.payload, event.metadata,
    event.context, event.erasure,
    coalesce(octet_length(event.payload), 0)::bigint + coalesce(octet_length(event.metadata), 0) AS bytes
  FROM events AS event
  WHERE {there} event.position < {sealed} AND ({key}, event.position) >= ({wanted}, $1)
    AND ({key}, event.position) < ({wanted}, least($2, head.size))
    AND ($6::text[] IS NULL OR event.event_type = ANY ($6))
    AND ($7::text[] IS NULL OR event.aggregate_type || '/' || event.aggregate_id = ANY ($7))
    AND ($8::text IS NULL OR event.aggregate_type = $8)
    AND ($9::text IS NULL OR event.aggregate_id = $9)
    AND ($10::text IS NULL OR event.actor_id = $10)
    AND ($11::bigint IS NULL OR event.timestamp >= $11)
    AND ($12::bigint IS NULL OR event.timestamp <= $12)
  ORDER BY {key} {order}, event.position {order} LIMIT $3
) AS event
