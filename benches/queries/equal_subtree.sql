INSERT INTO subtrees (level, n, hash) VALUES (?1, ?2, ?3)
