INSERT OR REPLACE INTO head (id, size, recorded_at, frontier) VALUES (1, ?1, ?2, ?3)
