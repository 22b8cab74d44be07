SELECT name, value FROM cursors ORDER BY name
