INSERT INTO main.log SELECT * FROM source.log
