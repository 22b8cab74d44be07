INSERT INTO main.subtrees SELECT * FROM source.subtrees WHERE level = ?3 AND n >= ?1 AND n < ?2
