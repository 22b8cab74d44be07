SELECT origin FROM log WHERE id = 1
