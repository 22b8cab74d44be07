SELECT revision, size, recorded_at, frontier, (extract(epoch FROM clock_timestamp()) * 1000000)::bigint
FROM head WHERE id = 1
