SELECT max(event_id) FROM event_ids
