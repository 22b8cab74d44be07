SELECT coalesce(max(size) + 1, 0) FROM source.checkpoints
