SELECT coalesce(max(until), 0) FROM blocks
