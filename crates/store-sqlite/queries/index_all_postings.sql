SELECT term, position, gaps FROM postings ORDER BY term, position
