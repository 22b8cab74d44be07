-- The versions of streams' last events below $3, in the order asked for: by what is summed up, and the events behind it.
WITH wanted AS (
  SELECT * FROM unnest($1::text[], $2::text[]) WITH ORDINALITY AS wanted (aggregate_type, aggregate_id, n)
), latest AS (
  SELECT event.aggregate_type, event.aggregate_id, max(event.version) AS version
  FROM summary, events AS event, wanted
  WHERE summary.id = 1 AND event.position >= summary.size AND event.position < $3
    AND event.aggregate_type = wanted.aggregate_type AND event.aggregate_id = wanted.aggregate_id
  GROUP BY event.aggregate_type, event.aggregate_id
)
SELECT coalesce(latest.version, streams.version)
FROM wanted
LEFT JOIN latest USING (aggregate_type, aggregate_id)
LEFT JOIN streams USING (aggregate_type, aggregate_id)
ORDER BY wanted.n
