SELECT position FROM event_ids WHERE event_id = ?1
