-- Whether everything that follows from the first $1 events is derived, and every full block has its look-ups.
SELECT (SELECT size FROM summary WHERE id = 1) >= $1::bigint
  AND NOT EXISTS (
    SELECT FROM blocks, head WHERE head.id = 1 AND blocks.until <= head.size
      AND NOT EXISTS (SELECT FROM seals WHERE seals.first = blocks.first)
  ) AS is_settled
