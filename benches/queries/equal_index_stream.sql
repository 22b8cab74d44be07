INSERT INTO streams (aggregate_type, aggregate_id, version, last_position, last_timestamp)
VALUES (?1, ?2, ?3, ?4, ?5)
ON CONFLICT (aggregate_type, aggregate_id) DO UPDATE
SET version = excluded.version, last_position = excluded.last_position, last_timestamp = excluded.last_timestamp
