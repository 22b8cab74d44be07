SELECT size, recorded_at, frontier FROM head WHERE id = 1
