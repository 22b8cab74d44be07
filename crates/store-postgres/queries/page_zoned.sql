-- Those in zones of positions whose times meet a range, whatever $5 is, and those behind the zones.
SELECT matched.* FROM (
  SELECT event.*
  FROM (
    SELECT zones.zone * 1024 AS first, least(zones.zone * 1024 + 1024, summary.size) AS until
    FROM zones, summary
    WHERE summary.id = 1 AND $5::text[] IS NULL AND zones.zone >= $1::bigint / 1024
      AND zones.zone <= $2::bigint / 1024
      AND ($11::bigint IS NULL OR zones.latest >= $11) AND ($12::bigint IS NULL OR zones.earliest <= $12)
    UNION ALL
    SELECT size, 9223372036854775807 FROM summary WHERE id = 1
  ) AS zone (first, until)
  CROSS JOIN LATERAL (
    SELECT event.position, event.event_id, event.event_type, event.aggregate_type, event.aggregate_id, event.version,
      event.schema_version, event.timestamp, event.recorded_at, event.actor_id, event.tags, event.payload, event.metadata,
      event.context, event.erasure,
      coalesce(octet_length(event.payload), 0)::bigint + coalesce(octet_length(event.metadata), 0) AS bytes
    FROM events AS event
    WHERE event.position >= greatest(zone.first, $1) AND event.position < least(zone.until, $2, head.size)
      AND ($6::text[] IS NULL OR event.event_type = ANY ($6))
      AND ($7::text[] IS NULL OR event.aggregate_type || '/' || event.aggregate_id = ANY ($7))
      AND ($8::text IS NULL OR event.aggregate_type = $8)
      AND ($9::text IS NULL OR event.aggregate_id = $9)
      AND ($10::text IS NULL OR event.actor_id = $10)
      AND ($11::bigint IS NULL OR event.timestamp >= $11)
      AND ($12::bigint IS NULL OR event.timestamp <= $12)
    ORDER BY event.position {order} LIMIT $3
  ) AS event
  ORDER BY zone.first {order}, event.position {order} LIMIT $3
) AS matched
