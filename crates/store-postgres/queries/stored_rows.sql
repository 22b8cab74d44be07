-- Rows from a position on, and no further one behind $4 bytes of payload and metadata.
SELECT row.* FROM (
  SELECT candidate.*, sum(candidate.bytes) OVER (ORDER BY candidate.position ROWS UNBOUNDED PRECEDING)::bigint AS total
  FROM (
    SELECT position, event_id, event_type, aggregate_type, aggregate_id, version, schema_version, timestamp,
  recorded_at, actor_id, tags, payload, metadata, context, erasure, secret, leaf_hash,
      coalesce(octet_length(payload), 0)::bigint + coalesce(octet_length(metadata), 0) AS bytes
    FROM events WHERE position >= $1 AND position < $2 ORDER BY position LIMIT $3
  ) AS candidate
) AS row
WHERE row.total - row.bytes < $4
ORDER BY row.position
