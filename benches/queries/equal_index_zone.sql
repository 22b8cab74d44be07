INSERT INTO zones (zone, earliest, latest) VALUES (?1, ?2, ?3)
ON CONFLICT (zone) DO UPDATE SET earliest = min(earliest, excluded.earliest), latest = max(latest, excluded.latest)
