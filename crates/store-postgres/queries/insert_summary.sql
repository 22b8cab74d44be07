INSERT INTO summary (id, size) VALUES (1, 0)
