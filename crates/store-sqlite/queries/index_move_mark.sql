UPDATE mark SET size = ?1, root = ?2 WHERE id = 1
