SELECT count FROM counters WHERE kind = ?1 AND value = ?2
