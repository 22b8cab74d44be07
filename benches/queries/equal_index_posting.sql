INSERT INTO postings (block, term, position, gaps) VALUES (?1, ?2, ?3, ?4)
