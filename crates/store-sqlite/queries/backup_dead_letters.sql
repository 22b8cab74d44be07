INSERT INTO main.dead_letters SELECT * FROM source.dead_letters WHERE id >= ?1 AND id < ?2
