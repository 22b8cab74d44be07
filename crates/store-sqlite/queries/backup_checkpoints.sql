INSERT INTO main.checkpoints SELECT * FROM source.checkpoints WHERE size >= ?1 AND size < ?2
