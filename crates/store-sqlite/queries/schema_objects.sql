SELECT name, type FROM sqlite_schema ORDER BY type, name
