-- The paths, and whether their indexes reach as far as the log is sealed.
SELECT pointer, until >= (SELECT coalesce(max(seals.until), 0) FROM seals) FROM payload_paths ORDER BY number
