SELECT count(*), coalesce(sum(length(CAST(state AS BLOB))), 0) FROM snapshots
