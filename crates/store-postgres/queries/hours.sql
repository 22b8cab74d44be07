SELECT hour, sum(count)::bigint FROM (
  SELECT hour, count FROM hours
  UNION ALL
  SELECT floor(timestamp / 3600000000::numeric)::bigint, count(*) FROM events
  WHERE position >= (SELECT size FROM summary WHERE id = 1) GROUP BY 1
) AS known (hour, count)
GROUP BY hour ORDER BY hour
