INSERT INTO counters (kind, value, count) VALUES (?1, ?2, ?3)
ON CONFLICT (kind, value) DO UPDATE SET count = count + excluded.count
