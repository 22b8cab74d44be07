-- Those in the blocks from {from} up to {until}, whole ones, that an index finds in another order than that of reading. Their
-- positions are gathered first, by nothing but the demand: the sums keep the positions' own index out of it, which the
-- planner would follow otherwise. Other blocks are left out of the plan by the numbers, the upper of which stands there
-- twice so that the two are not taken for a narrow range, for which it would follow the positions as well.
SELECT event.position, event.event_id, event.event_type, event.aggregate_type, event.aggregate_id, event.version,
    event.schema_version, event.timestamp, event.recorded_at, event.actor_id, event.tags, event.payload, event.metadata,
    event.context, event.erasure,
    coalesce(octet_length(event.payload), 0)::bigint + coalesce(octet_length(event.metadata), 0) AS bytes
FROM (
  SELECT DISTINCT candidate.position
  FROM unnest($5::text[]) AS wanted (value)
  CROSS JOIN LATERAL (
    SELECT event.position FROM events AS event
    WHERE event.position >= {from} AND (event.position < {until} OR event.position < {until} - 1)
      AND event.position + 0 >= $1 AND event.position + 0 < least($2, head.size) AND {there} {demand}
      AND ($6::text[] IS NULL OR event.event_type = ANY ($6))
      AND ($7::text[] IS NULL OR event.aggregate_type || '/' || event.aggregate_id = ANY ($7))
      AND ($8::text IS NULL OR event.aggregate_type = $8)
      AND ($9::text IS NULL OR event.aggregate_id = $9)
      AND ($10::text IS NULL OR event.actor_id = $10)
      AND ($11::bigint IS NULL OR event.timestamp >= $11)
      AND ($12::bigint IS NULL OR event.timestamp <= $12)
    OFFSET 0
  ) AS candidate
  ORDER BY candidate.position {order} LIMIT $3
) AS gathered
CROSS JOIN LATERAL (SELECT * FROM events WHERE events.position = gathered.position LIMIT 1) AS event
