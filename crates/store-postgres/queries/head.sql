-- How the log stands, and up to where it is sealed.
SELECT revision, size, recorded_at, frontier, (extract(epoch FROM clock_timestamp()) * 1000000)::bigint, greatest_id,
  coalesce((SELECT until FROM seals ORDER BY first DESC LIMIT 1), 0)
FROM head WHERE id = 1
