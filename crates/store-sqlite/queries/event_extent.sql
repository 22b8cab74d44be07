SELECT count(*), coalesce(min(position), 0), coalesce(max(position), -1) FROM events
