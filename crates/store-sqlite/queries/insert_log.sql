INSERT INTO log (id, name, origin) VALUES (1, ?1, ?2)
