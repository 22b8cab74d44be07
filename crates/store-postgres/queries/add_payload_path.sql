-- Has the values at a payload path looked up from now on, if they are not.
INSERT INTO payload_paths (pointer, path, number)
SELECT $1, $2, coalesce(max(number), 0) + 1 FROM payload_paths
ON CONFLICT DO NOTHING
