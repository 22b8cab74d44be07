SELECT hour, count FROM hours ORDER BY hour
