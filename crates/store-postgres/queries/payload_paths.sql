-- The paths, whether their indexes reach as far as the log is sealed, and what the indexes' names end in.
SELECT pointer, until >= (SELECT coalesce(max(seals.until), 0) FROM seals), number FROM payload_paths ORDER BY number
