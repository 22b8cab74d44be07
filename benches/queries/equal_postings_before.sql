SELECT position, gaps FROM postings WHERE term = ?1 AND position < ?2 ORDER BY position DESC
