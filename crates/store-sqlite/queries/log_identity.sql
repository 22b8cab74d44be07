SELECT name, origin FROM log WHERE id = 1
