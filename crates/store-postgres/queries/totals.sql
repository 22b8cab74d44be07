-- How many events and streams there are: those summed up, and those behind them.
SELECT head.size, (SELECT count(*) FROM streams) + (
  SELECT count(*) FROM (
    SELECT DISTINCT aggregate_type, aggregate_id FROM events
    WHERE position >= summary.size AND aggregate_id IS NOT NULL
  ) AS tail
  WHERE NOT EXISTS (
    SELECT FROM streams
    WHERE streams.aggregate_type = tail.aggregate_type AND streams.aggregate_id = tail.aggregate_id
  )
)
FROM head, summary WHERE head.id = 1 AND summary.id = 1
