INSERT INTO event_ids (event_id, position) VALUES (?1, ?2)
