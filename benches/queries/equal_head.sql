UPDATE head SET size = ?1, recorded_at = ?2, frontier = ?3 WHERE id = 1
