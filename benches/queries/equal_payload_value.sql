SELECT position FROM payload_values WHERE path = 0 AND value = ?1
