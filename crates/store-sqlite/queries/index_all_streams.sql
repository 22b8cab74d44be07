SELECT aggregate_type, aggregate_id, version, last_position, last_timestamp FROM streams
