-- Payload paths that lack an index of a sealed block below the position that they say.
SELECT paths.pointer
FROM payload_paths AS paths JOIN seals ON seals.first < paths.until
WHERE NOT EXISTS (
  SELECT FROM pg_class AS index JOIN pg_index ON pg_index.indexrelid = index.oid AND indisvalid AND indisready
  JOIN pg_class AS block ON block.oid = pg_index.indrelid AND block.relname = 'events_' || seals.first
  WHERE index.relname = 'events_' || seals.first || '_by_payload_' || paths.number
    AND index.relnamespace = (SELECT oid FROM pg_namespace WHERE nspname = current_schema())
)
LIMIT $1
