INSERT INTO snapshots (aggregate_type, aggregate_id, reducer, version, greatest_timestamp, state, hash)
VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)
ON CONFLICT (aggregate_type, aggregate_id, reducer, version)
DO UPDATE SET greatest_timestamp = excluded.greatest_timestamp, state = excluded.state, hash = excluded.hash
