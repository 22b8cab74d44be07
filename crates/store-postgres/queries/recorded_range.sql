-- The first position at or after a moment of recording, and the first one after another.
SELECT coalesce(first_recorded_from($1::bigint, size), 0), coalesce(first_recorded_from($2::bigint + 1, size), size)
FROM head WHERE id = 1
