SELECT position, gaps FROM postings WHERE term = ?1 ORDER BY position DESC
