-- The tables and such of a schema, to see whose it is.
SELECT relation.relname::text FROM pg_class AS relation
JOIN pg_namespace AS schema ON schema.oid = relation.relnamespace
WHERE schema.nspname = $1 AND relation.relkind IN ('r', 'p', 'v', 'm', 'f', 'S') ORDER BY relation.relname
