INSERT INTO main.cursors SELECT * FROM source.cursors
