-- Seals that are not those of full blocks in order, or whose blocks lack a look-up.
SELECT seals.first::text
FROM seals LEFT JOIN blocks USING (first), head
WHERE head.id = 1 AND (
  seals.until IS DISTINCT FROM blocks.until OR seals.until > head.size
  OR seals.first <> coalesce((SELECT max(before.until) FROM seals AS before WHERE before.first < seals.first), 0)
  OR seals.recorded_from IS DISTINCT FROM (SELECT recorded_at FROM events WHERE position = seals.first)
  OR (
    SELECT count(*)
    FROM unnest(ARRAY['event_id', 'aggregate_id', 'event_type', 'actor', 'correlation', 'tag']) AS look_up (name)
    JOIN pg_class AS index ON index.relname = 'events_' || seals.first || '_by_' || look_up.name
      AND index.relnamespace = (SELECT oid FROM pg_namespace WHERE nspname = current_schema())
    JOIN pg_index ON pg_index.indexrelid = index.oid AND indisvalid AND indisready
    JOIN pg_class AS block ON block.oid = pg_index.indrelid AND block.relname = 'events_' || seals.first
  ) <> 6
)
LIMIT $1
