SELECT position FROM payload_values WHERE path = ?1 AND value >= ?2 AND value <= ?3 LIMIT ?4
