SELECT count(*) FROM counters WHERE kind = ?1
