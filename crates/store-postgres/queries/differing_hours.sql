-- Hours whose count is not what follows from the events that are summed up.
WITH expected AS (
  SELECT floor(timestamp / 3600000000::numeric)::bigint AS hour, count(*) AS count FROM events
  WHERE position < (SELECT size FROM summary WHERE id = 1) GROUP BY 1
)
SELECT coalesce(expected.hour, hours.hour)::text
FROM expected FULL JOIN hours USING (hour)
WHERE expected.count IS DISTINCT FROM hours.count
LIMIT $1
