-- Zones whose times are not what follows from the events that are summed up.
WITH expected AS (
  SELECT position / 1024 AS zone, min(timestamp) AS earliest, max(timestamp) AS latest FROM events
  WHERE position < (SELECT size FROM summary WHERE id = 1) GROUP BY 1
)
SELECT coalesce(expected.zone, zones.zone)::text
FROM expected FULL JOIN zones USING (zone)
WHERE (expected.earliest, expected.latest) IS DISTINCT FROM (zones.earliest, zones.latest)
LIMIT $1
