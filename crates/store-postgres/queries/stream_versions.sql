-- The versions of streams' last events, in the order asked for.
SELECT (
  SELECT event.version FROM events AS event
  WHERE hashtextextended(event.aggregate_id, 0) = hashtextextended(wanted.aggregate_id, 0)
    AND event.aggregate_id = wanted.aggregate_id AND event.aggregate_type = wanted.aggregate_type
  ORDER BY event.position DESC LIMIT 1
)
FROM unnest($1::text[], $2::text[]) WITH ORDINALITY AS wanted (aggregate_type, aggregate_id, n)
ORDER BY wanted.n
