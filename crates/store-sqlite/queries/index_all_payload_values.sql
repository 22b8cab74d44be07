SELECT path, value, position FROM payload_values
