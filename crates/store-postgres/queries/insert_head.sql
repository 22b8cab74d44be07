INSERT INTO head (id, revision, size, recorded_at, frontier) VALUES (1, 0, 0, NULL, $1)
