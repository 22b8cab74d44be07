INSERT OR REPLACE INTO main.dead_letters
SELECT * FROM source.dead_letters AS present
WHERE NOT EXISTS (
  SELECT 1 FROM main.dead_letters AS copied WHERE copied.id = present.id AND copied.state = present.state
)
