INSERT INTO cursors (name, value, hash) VALUES (?1, ?2, ?3)
ON CONFLICT (name) DO UPDATE SET value = excluded.value, hash = excluded.hash
