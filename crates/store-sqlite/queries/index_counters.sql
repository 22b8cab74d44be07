SELECT value, count FROM counters WHERE kind = ?1 ORDER BY count DESC, value LIMIT ?2
