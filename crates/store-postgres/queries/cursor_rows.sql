SELECT name, value, hash FROM cursors
