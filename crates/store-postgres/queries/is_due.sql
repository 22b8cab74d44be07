-- Whether a full block waits to be sealed, or at least $1 events to be summed up.
SELECT head.size - summary.size >= $1::bigint OR EXISTS (
  SELECT FROM blocks WHERE blocks.first = (SELECT coalesce(max(seals.until), 0) FROM seals) AND blocks.until <= head.size
)
FROM head, summary WHERE head.id = 1 AND summary.id = 1
