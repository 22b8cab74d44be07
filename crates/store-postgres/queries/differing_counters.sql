-- Values whose count is not what follows from the events that are summed up.
WITH part AS (
  SELECT event_type, aggregate_type, actor_id FROM events WHERE position < (SELECT size FROM summary WHERE id = 1)
), expected AS (
  SELECT kind, value, count(*) AS count FROM (
    SELECT 1::int2, event_type FROM part
    UNION ALL SELECT 2::int2, aggregate_type FROM part
    UNION ALL SELECT 3::int2, actor_id FROM part WHERE actor_id IS NOT NULL
  ) AS counted (kind, value)
  GROUP BY kind, value
)
SELECT coalesce(expected.value, counters.value)
FROM expected FULL JOIN counters USING (kind, value)
WHERE expected.count IS DISTINCT FROM counters.count
LIMIT $1
