-- The tables of the schema, with the source of the one function that its enabled triggers must call, if they do.
SELECT relation.relname::text, relation.relkind::text, trigger.tgname::text, trigger.tgenabled::text, trigger.tgtype::int4,
  function.prosrc
FROM pg_class AS relation
LEFT JOIN pg_trigger AS trigger ON trigger.tgrelid = relation.oid AND NOT trigger.tgisinternal
LEFT JOIN pg_proc AS function ON function.oid = trigger.tgfoid
WHERE relation.relnamespace = (SELECT oid FROM pg_namespace WHERE nspname = current_schema())
  AND relation.relkind IN ('r', 'p')
ORDER BY relation.relname, trigger.tgname
