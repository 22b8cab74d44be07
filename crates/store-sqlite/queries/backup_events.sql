INSERT INTO main.events SELECT * FROM source.events WHERE position >= ?1 AND position < ?2
