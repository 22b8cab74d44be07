SELECT aggregate_type, aggregate_id, reducer, version, greatest_timestamp, state, hash FROM snapshots
WHERE aggregate_type = $1 AND aggregate_id = $2 AND reducer = $3 AND version <= $4 AND greatest_timestamp <= $5
ORDER BY version DESC
