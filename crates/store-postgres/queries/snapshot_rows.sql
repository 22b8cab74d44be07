SELECT aggregate_type, aggregate_id, reducer, version, greatest_timestamp, state, hash FROM snapshots
