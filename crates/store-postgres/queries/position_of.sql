SELECT position FROM events WHERE event_id = $1 ORDER BY position LIMIT 1
