-- The most frequent values of a kind, each with its count and how many values there are.
WITH tail AS (
  SELECT CASE $1::int2 WHEN 1 THEN event_type WHEN 2 THEN aggregate_type ELSE actor_id END AS value, count(*) AS count
  FROM events WHERE position >= (SELECT size FROM summary WHERE id = 1) GROUP BY 1
), known AS (
  SELECT value, sum(count)::bigint AS count
  FROM (SELECT value, count FROM counters WHERE kind = $1 UNION ALL SELECT value, count FROM tail WHERE value IS NOT NULL)
    AS either (value, count)
  GROUP BY value
), every AS (SELECT count(*) AS distinct_values FROM known)
SELECT every.distinct_values, top.value, top.count
FROM every LEFT JOIN LATERAL (SELECT value, count FROM known ORDER BY count DESC, value LIMIT $2) AS top ON true
ORDER BY top.count DESC, top.value
