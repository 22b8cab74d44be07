INSERT INTO payload_values (path, value, position) VALUES (?1, ?2, ?3)
