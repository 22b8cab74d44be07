INSERT INTO postings (term, position, gaps) VALUES (?1, ?2, ?3)
