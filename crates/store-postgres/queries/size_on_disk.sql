SELECT coalesce(sum(pg_total_relation_size(relation.oid)), 0)::bigint
FROM pg_class AS relation
WHERE relation.relnamespace = (SELECT oid FROM pg_namespace WHERE nspname = current_schema()) AND relation.relkind = 'r'
