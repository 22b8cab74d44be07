SELECT position, gaps FROM postings WHERE block = ?1 AND term = ?2 ORDER BY position DESC
