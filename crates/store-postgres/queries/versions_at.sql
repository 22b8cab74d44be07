SELECT position, aggregate_type, aggregate_id, version FROM events WHERE position = ANY ($1)
