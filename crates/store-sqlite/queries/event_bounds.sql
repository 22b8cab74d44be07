SELECT coalesce((SELECT min(position) FROM events), 0), coalesce((SELECT max(position) FROM events), -1)
