SELECT id, received_at, state, source, place, code, reason, raw, hash FROM dead_letters
WHERE id > $1 AND ($2::text IS NULL OR state = $2) ORDER BY id LIMIT $3
