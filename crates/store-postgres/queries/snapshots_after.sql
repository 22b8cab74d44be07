SELECT aggregate_type, aggregate_id, reducer, version, greatest_timestamp, state, hash FROM snapshots
WHERE (aggregate_type, aggregate_id, reducer, version) > ($1, $2, $3, $4)
ORDER BY aggregate_type, aggregate_id, reducer, version LIMIT $5
