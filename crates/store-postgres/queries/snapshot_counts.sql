SELECT count(*), coalesce(sum(octet_length(state)), 0)::bigint FROM snapshots
