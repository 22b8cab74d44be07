-- The versions of streams' last events among those that are sealed, in the order asked for. Key and position are compared
-- and ordered as one, which only the index of the two can do.
SELECT (
  SELECT event.version FROM events AS event
  WHERE (hashtextextended(event.aggregate_id, 0), event.position) >= (hashtextextended(wanted.aggregate_id, 0), 0)
    AND (hashtextextended(event.aggregate_id, 0), event.position) < (hashtextextended(wanted.aggregate_id, 0), {sealed})
    AND event.position < {sealed}
    AND event.aggregate_id = wanted.aggregate_id AND event.aggregate_type = wanted.aggregate_type
  ORDER BY hashtextextended(event.aggregate_id, 0) DESC, event.position DESC LIMIT 1
)
FROM unnest($1::text[], $2::text[]) WITH ORDINALITY AS wanted (aggregate_type, aggregate_id, n)
ORDER BY wanted.n
