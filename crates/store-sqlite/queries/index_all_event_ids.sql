SELECT event_id, position FROM event_ids
