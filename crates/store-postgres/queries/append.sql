-- Writes a group: the gate is passed only while nobody has written since revision $1, and then everything that was
-- checked at that revision still holds. Nothing is written where it is not passed. The frontier $13 says that the group
-- under way before this one came to what it was believed to come to, and not somebody else to the same revision.
WITH gate AS (
  UPDATE head SET revision = revision + 1, size = $2, recorded_at = $3, frontier = $4, greatest_id = $12
  WHERE id = 1 AND revision = $1 AND frontier = $13
  RETURNING revision
), written AS (
  INSERT INTO events SELECT event.* FROM gate, unnest($5::events[]) AS event
), grown AS (
  INSERT INTO subtrees (level, n, hash)
  SELECT tree.level, tree.n, tree.hash FROM gate, unnest($6::int2[], $7::int8[], $8::bytea[]) AS tree (level, n, hash)
), moved AS (
  INSERT INTO cursors (name, value, hash)
  SELECT cursor.name, cursor.value, cursor.hash
  FROM gate, unnest($9::text[], $10::text[], $11::bytea[]) AS cursor (name, value, hash)
  ON CONFLICT (name) DO UPDATE SET value = excluded.value, hash = excluded.hash
)
SELECT (SELECT revision FROM gate), (extract(epoch FROM clock_timestamp()) * 1000000)::bigint
