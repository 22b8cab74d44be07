SELECT 1 FROM payload_values WHERE path = ?1 AND value = ?2 AND position = ?3
