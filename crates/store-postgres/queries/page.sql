-- The log's size, and a page of the events that may match one item of a question: at most $3, and no further one
-- behind $4 bytes of payload and metadata. What stands in braces is filled in by reader/filter.rs. One row comes
-- without an event where there is none.
SELECT head.size, found.*
FROM (SELECT size FROM head WHERE id = 1) AS head
LEFT JOIN LATERAL (
  SELECT candidate.*, sum(candidate.bytes) OVER (ORDER BY candidate.position {order} ROWS UNBOUNDED PRECEDING)::bigint AS total
  FROM ({matches} ORDER BY position {order} LIMIT $3) AS candidate
) AS found ON found.total - found.bytes < $4
ORDER BY found.position {order}
