-- Of all tables of this schema, with their indexes and what lies beside them.
SELECT coalesce(sum(pg_total_relation_size(oid)), 0)::bigint AS bytes
FROM pg_class WHERE relnamespace = current_schema()::regnamespace AND relkind = 'r'
