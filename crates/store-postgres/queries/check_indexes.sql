-- Has amcheck look whether each b-tree of the schema leads to all rows; an error names one that does not.
SELECT count(bt_index_check(index.oid, true))
FROM pg_class AS index JOIN pg_am AS method ON method.oid = index.relam
WHERE index.relnamespace = (SELECT oid FROM pg_namespace WHERE nspname = current_schema())
  AND index.relkind = 'i' AND method.amname = 'btree'
