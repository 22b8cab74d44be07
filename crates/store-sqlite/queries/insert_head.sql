INSERT INTO head (id, size, recorded_at, frontier) VALUES (1, 0, NULL, ?1)
