INSERT INTO mark (id, origin, size, root, payload_paths) VALUES (1, ?1, 0, ?2, ?3)
