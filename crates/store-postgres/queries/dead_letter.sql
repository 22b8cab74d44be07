SELECT id, received_at, state, source, place, code, reason, raw, hash FROM dead_letters WHERE id = $1
