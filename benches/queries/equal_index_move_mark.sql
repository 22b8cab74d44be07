UPDATE mark SET size = ?1 WHERE id = 1
