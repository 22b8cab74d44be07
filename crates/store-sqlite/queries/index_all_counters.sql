SELECT kind, value, count FROM counters
