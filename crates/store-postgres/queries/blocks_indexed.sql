-- The blocks, in their order, that have the index whose name ends in $1.
SELECT blocks.first, blocks.until
FROM blocks
JOIN pg_class AS index ON index.relname = 'events_' || blocks.first || $1
  AND index.relnamespace = (SELECT oid FROM pg_namespace WHERE nspname = current_schema())
JOIN pg_index ON pg_index.indexrelid = index.oid AND indisvalid AND indisready
ORDER BY blocks.first
