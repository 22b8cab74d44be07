-- Writes a group that completes no subtree and moves no cursor, as most small ones do: append.sql without what it has
-- for those, which costs time also where there is nothing.
WITH gate AS (
  UPDATE head SET revision = revision + 1, size = $2, recorded_at = $3, frontier = $4, greatest_id = $6
  WHERE id = 1 AND revision = $1 AND frontier = $7
  RETURNING revision
), written AS (
  INSERT INTO events SELECT event.* FROM gate, unnest($5::events[]) AS event
)
SELECT (SELECT revision FROM gate), (extract(epoch FROM clock_timestamp()) * 1000000)::bigint
