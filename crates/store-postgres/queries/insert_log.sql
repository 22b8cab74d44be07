INSERT INTO log (id, origin) VALUES (1, $1)
