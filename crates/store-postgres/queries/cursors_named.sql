SELECT name, value FROM cursors WHERE name = ANY ($1)
