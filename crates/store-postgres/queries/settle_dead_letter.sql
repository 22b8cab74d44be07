UPDATE dead_letters SET state = $2, hash = $3 WHERE id = $1
