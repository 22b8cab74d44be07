SELECT block, term, position, gaps FROM postings ORDER BY block, term, position
