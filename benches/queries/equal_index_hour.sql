INSERT INTO hours (hour, count) VALUES (?1, ?2)
ON CONFLICT (hour) DO UPDATE SET count = count + excluded.count
