INSERT INTO main.head SELECT * FROM source.head
