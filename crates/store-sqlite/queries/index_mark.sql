SELECT origin, size, root, payload_paths FROM mark WHERE id = 1
