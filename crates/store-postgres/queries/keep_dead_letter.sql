INSERT INTO dead_letters (id, received_at, state, source, place, code, reason, raw, hash)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
